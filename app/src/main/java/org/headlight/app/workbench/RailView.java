package org.headlight.app.workbench;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingsModel;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.function.Consumer;

/** The readings of the map at the left edge, and at its foot what folds and colours the window. */
final class RailView extends VBox {
    private static final PseudoClass TIGHT = PseudoClass.getPseudoClass("tight");
    private static final PseudoClass BARE = PseudoClass.getPseudoClass("bare");
    private static final double GAP = 4;
    private static final double ENDS = 20;

    /** What a button needs with room around it, and with hardly any, in pixels. */
    private static final double ROOMY = 48;

    private static final double NAMED = 42;

    /** What the buttons at the foot do. */
    record Actions(Runnable foldHeads, Runnable foldInspector, Runnable theme, Runnable settings) {}

    /**
     * A rail.
     *
     * @param pressed is told which reading's button was pressed, also that of the chosen one
     */
    RailView(ReadingsModel readings, Consumer<Reading> pressed, Actions actions) {
        super(GAP);
        getStyleClass().add("rail");
        setMinHeight(0);
        setAlignment(Pos.TOP_CENTER);
        Region gap = new Region();
        VBox.setVgrow(gap, Priority.ALWAYS);
        for (Reading reading : readings.readings()) {
            getChildren().add(button(reading, readings, pressed));
        }
        getChildren()
                .addAll(
                        gap,
                        action("Heads", Feather.GRID, KeyBinding.FOLD_HEADS, actions.foldHeads()),
                        action(
                                "Inspect",
                                Feather.SIDEBAR,
                                KeyBinding.FOLD_INSPECTOR,
                                actions.foldInspector()),
                        action("Theme", Feather.MOON, KeyBinding.THEME, actions.theme()),
                        action(
                                "Settings",
                                Feather.SETTINGS,
                                KeyBinding.SETTINGS,
                                actions.settings()));
        int buttons = getChildren().size() - 1;
        heightProperty()
                .subscribe(height -> {
                    double each = (height.doubleValue() - ENDS) / buttons - GAP;
                    boolean known = height.doubleValue() > 0;
                    pseudoClassStateChanged(TIGHT, known && each < ROOMY && each >= NAMED);
                    pseudoClassStateChanged(BARE, known && each < NAMED);
                });
    }

    private static Node button(Reading reading, ReadingsModel readings, Consumer<Reading> pressed) {
        ToggleButton button = new ToggleButton(reading.name(), new FontIcon(reading.icon()));
        button.getStyleClass().addAll("flat", "rail-button");
        button.setTooltip(new Tooltip(reading.tip() + " (" + reading.key().display() + ")"));
        readings.chosenProperty().subscribe(chosen -> button.setSelected(chosen.equals(reading)));
        button.setOnAction(event -> {
            pressed.accept(reading);
            button.setSelected(readings.chosenProperty().get().equals(reading));
        });
        return button;
    }

    private static Node action(String name, Feather icon, KeyBinding key, Runnable action) {
        Button button = new Button(name, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "rail-button");
        button.setTooltip(new Tooltip(key.label() + " (" + key.display() + ")"));
        button.setOnAction(event -> action.run());
        return button;
    }
}
