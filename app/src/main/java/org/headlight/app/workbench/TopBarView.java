package org.headlight.app.workbench;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.generate.GenerateView;
import org.headlight.app.generate.GenerateViewModel;
import org.headlight.app.input.InputView;
import org.headlight.app.input.InputViewModel;
import org.headlight.app.open.FileDialogs;
import org.headlight.app.open.ModelMenu;
import org.headlight.app.open.OpenViewModel;
import org.headlight.assets.Assets;
import org.headlight.assets.SampleText;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** The model, the text, and the button that brings them together. */
final class TopBarView extends HBox {
    private final InputViewModel input;
    private final InputView inputView;
    private final GenerateView generateView;

    TopBarView(
            OpenViewModel open,
            InputViewModel input,
            GenerateViewModel generate,
            FileDialogs dialogs,
            Assets assets,
            Runnable found) {
        super(8);
        this.input = input;
        this.inputView = new InputView(input);
        this.generateView = new GenerateView(generate);
        getStyleClass().add("top-bar");
        setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(inputView, Priority.ALWAYS);
        ModelMenu model = new ModelMenu(open, found);
        model.setMinWidth(120);
        inputView.disableProperty().bind(input.runnableProperty().not());
        getChildren()
                .addAll(
                        buildName(assets),
                        model,
                        inputView,
                        buildSamples(assets),
                        buildLoad(dialogs),
                        buildRun(),
                        generateView);
        setViewOrder(-1);
    }

    InputView inputView() {
        return inputView;
    }

    GenerateView generateView() {
        return generateView;
    }

    private static Node buildName(Assets assets) {
        ImageView icon = new ImageView(new Image(assets.icon("headlight-64.png")));
        icon.setFitHeight(22);
        icon.setFitWidth(22);
        icon.setSmooth(true);
        Label name = new Label("Headlight", icon);
        name.getStyleClass().add("app-name");
        name.setMinWidth(Region.USE_PREF_SIZE);
        return name;
    }

    private Node buildSamples(Assets assets) {
        MenuButton samples = new MenuButton("Samples", new FontIcon(Feather.BOOK));
        samples.setMinWidth(Region.USE_PREF_SIZE);
        samples.setTooltip(new Tooltip("Short texts that show something."));
        for (SampleText text : assets.texts()) {
            Label title = new Label(text.title());
            Label shows = new Label(text.shows());
            shows.getStyleClass().add("caption");
            shows.setWrapText(true);
            shows.setMaxWidth(380);
            javafx.scene.layout.VBox box = new javafx.scene.layout.VBox(2, title, shows);
            MenuItem item = new MenuItem(null, box);
            item.setOnAction(event -> {
                input.setText(text.title(), text.text());
                input.run();
            });
            samples.getItems().add(item);
        }
        samples.disableProperty().bind(input.runnableProperty().not().or(input.idsProperty()));
        return samples;
    }

    private Node buildLoad(FileDialogs dialogs) {
        Button load = new Button(null, new FontIcon(Feather.FILE_TEXT));
        load.getStyleClass().add("button-icon");
        load.setTooltip(new Tooltip("Load a text file and run it."));
        load.setAccessibleText("Load a text file");
        load.setOnAction(event -> dialogs.openText().ifPresent(input::loadFile));
        load.disableProperty().bind(input.runnableProperty().not());
        return load;
    }

    private Node buildRun() {
        Button run = new Button();
        run.getStyleClass().addAll("accent", "run-button");
        run.setMinWidth(92);
        input.runningProperty()
                .subscribe(running -> {
                    run.setText(running ? "Cancel" : "Run");
                    run.setGraphic(new FontIcon(running ? Feather.X : Feather.PLAY));
                });
        run.setTooltip(
                new Tooltip(
                        "Run the text through the model ("
                                + KeyBinding.RUN.combinations().getLast().getDisplayText()
                                + ")"));
        run.disableProperty().bind(input.runnableProperty().not());
        run.setOnAction(event -> {
            if (input.runningProperty().get()) {
                input.cancel();
            } else {
                input.run();
            }
        });
        return run;
    }
}
