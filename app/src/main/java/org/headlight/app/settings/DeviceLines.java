package org.headlight.app.settings;

import javafx.beans.binding.Bindings;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.StringConverter;

import org.headlight.engine.device.Device;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The controls of the settings sheet for the device and its natives. */
public final class DeviceLines {
    private static final PseudoClass WRONG = PseudoClass.getPseudoClass("danger");

    private final DeviceViewModel devices;
    private final Supplier<Optional<Path>> browse;

    /**
     * @param browse asks for a folder; empty when the user cancels
     */
    public DeviceLines(DeviceViewModel devices, Supplier<Optional<Path>> browse) {
        this.devices = devices;
        this.browse = browse;
    }

    /** Chooses the device. */
    Node device() {
        ComboBox<Device> box = new ComboBox<>(devices.choices());
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(Device device) {
                        return device == null ? "" : devices.words(device);
                    }

                    @Override
                    public Device fromString(String text) {
                        throw new UnsupportedOperationException("the box is not edited");
                    }
                });
        box.setAccessibleText("Device");
        box.setId("settings-device");
        box.setMaxWidth(400);
        devices.askedProperty().subscribe(box::setValue);
        box.setOnAction(event -> {
            if (box.getValue() != null) {
                devices.choose(box.getValue());
            }
        });
        return box;
    }

    /** Why the device is not used; otherwise what choosing it does. */
    Label deviceSentence() {
        Label label = caption();
        label.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                this::sentence,
                                devices.reasonProperty(),
                                devices.attentionProperty()));
        devices.reasonProperty()
                .subscribe(why -> label.pseudoClassStateChanged(WRONG, !why.isEmpty()));
        return label;
    }

    private String sentence() {
        String why = devices.reasonProperty().get();
        if (!why.isEmpty()) {
            return why + " Models run on the CPU.";
        }
        String attention = devices.attentionProperty().get();
        return "Where models run. The open one is opened again there."
                + (attention.isEmpty() ? "" : " " + attention);
    }

    /** Names the folder of natives. */
    Node natives() {
        TextField field = new TextField(devices.nativesProperty().get());
        field.setPromptText("Folder of onnxruntime_gpu, unpacked");
        field.setAccessibleText("Natives for CUDA");
        field.setId("settings-natives");
        HBox.setHgrow(field, Priority.ALWAYS);
        devices.nativesProperty()
                .subscribe(text -> {
                    if (!text.equals(field.getText())) {
                        field.setText(text);
                    }
                });
        field.textProperty().addListener((property, old, now) -> devices.setNatives(now));
        Button button = new Button(null, new FontIcon(Feather.FOLDER));
        button.getStyleClass().add("button-icon");
        button.setTooltip(new Tooltip("Choose the folder"));
        button.setAccessibleText("Choose the folder");
        button.setOnAction(
                event -> browse.get().ifPresent(path -> devices.setNatives(path.toString())));
        HBox line = new HBox(4, field, button);
        line.setAlignment(Pos.CENTER_LEFT);
        return line;
    }

    /** What the folder holds or lacks. */
    Label nativesSentence() {
        Label label = caption();
        label.textProperty()
                .bind(
                        devices.checkProperty()
                                .map(sentence ->
                                        sentence.isEmpty()
                                                ? "The folder with the native libraries of"
                                                        + " onnxruntime_gpu, for CUDA devices."
                                                : sentence));
        devices.completeProperty().subscribe(fine -> label.pseudoClassStateChanged(WRONG, !fine));
        return label;
    }

    private static Label caption() {
        Label label = new Label();
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.getStyleClass().add("caption");
        return label;
    }
}
