package org.headlight.app.explore;

import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ListCell;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.CycleMethod;
import javafx.scene.paint.LinearGradient;
import javafx.scene.paint.Stop;
import javafx.scene.shape.Rectangle;
import javafx.util.Callback;

import org.controlsfx.control.SegmentedButton;
import org.headlight.app.command.KeyBinding;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What decides how the picture shows the numbers; in a narrow window on two lines. */
final class MapToolBar extends FlowPane {
    private static final int SWATCH_STOPS = 8;

    /** Below this width the last button shows its icon alone. */
    private static final double ROOMY = 450;

    private final ExploreViewModel explore;

    /** What the buttons beside the title do. */
    record Actions(Runnable fit, Runnable oneToOne, Runnable export) {}

    MapToolBar(ExploreViewModel explore) {
        super(8, 4);
        this.explore = explore;
        getStyleClass().add("map-tool-bar");
        setAlignment(Pos.CENTER_LEFT);
        setRowValignment(VPos.CENTER);
        getChildren().addAll(buildScale(), buildColors(), buildPooling(), buildSink());
        setMinWidth(0);
    }

    private Node buildScale() {
        return segments(
                List.of(Scale.Kind.values()),
                kind ->
                        switch (kind) {
                            case LINEAR -> "Linear";
                            case LOG -> "Log";
                            case PERCENTILE -> "1\u201399 %";
                        },
                kind ->
                        switch (kind) {
                                    case LINEAR ->
                                            "Colour grows with the probability, from 0 to the"
                                                    + " largest";
                                    case LOG ->
                                            "Colour grows with the logarithm of the probability";
                                    case PERCENTILE ->
                                            "Linear between the 1st and the 99th percentile of the"
                                                    + " map; values outside are clipped";
                                }
                                + tail(KeyBinding.SCALE),
                explore::setScale,
                ViewState::scale);
    }

    private Node buildPooling() {
        return segments(
                List.of(Pooling.values()),
                pooling -> pooling == Pooling.MAX ? "Max" : "Mean",
                pooling ->
                        (pooling == Pooling.MAX
                                        ? "A pixel shows the largest of its cells: a lone hot cell"
                                                + " survives"
                                        : "A pixel shows the mean of its cells")
                                + tail(KeyBinding.POOLING),
                explore::setPooling,
                ViewState::pooling);
    }

    private static String tail(KeyBinding key) {
        return " (" + key.display() + ").";
    }

    private <T> Node segments(
            List<T> values,
            Function<T, String> label,
            Function<T, String> tip,
            Consumer<T> choose,
            Function<ViewState, T> chosen) {
        List<ToggleButton> buttons = new ArrayList<>();
        for (T value : values) {
            ToggleButton button = new ToggleButton(label.apply(value));
            button.setTooltip(new Tooltip(tip.apply(value)));
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.getStyleClass().add("small");
            button.setOnAction(event -> {
                button.setSelected(true);
                choose.accept(value);
            });
            buttons.add(button);
        }
        SegmentedButton segments = new SegmentedButton(buttons.toArray(ToggleButton[]::new));
        segments.setMinWidth(Region.USE_PREF_SIZE);
        buttons.forEach(button -> button.setToggleGroup(segments.getToggleGroup()));
        explore.viewProperty()
                .subscribe(
                        view -> buttons.get(values.indexOf(chosen.apply(view))).setSelected(true));
        return segments;
    }

    private Node buildColors() {
        ComboBox<ColorMap> box = new ComboBox<>();
        box.getStyleClass().add("small");
        box.getItems().setAll(ColorMap.values());
        Callback<javafx.scene.control.ListView<ColorMap>, ListCell<ColorMap>> cells =
                view -> new SwatchCell(true);
        box.setCellFactory(cells);
        box.setButtonCell(new SwatchCell(false));
        box.setMinWidth(Region.USE_PREF_SIZE);
        box.setAccessibleText("Colours");
        box.setTooltip(
                new Tooltip("Colours, all safe for colour blindness" + tail(KeyBinding.COLOR_MAP)));
        box.valueProperty()
                .addListener((property, old, now) -> {
                    if (now != null) {
                        explore.setColorMap(now);
                    }
                });
        explore.viewProperty().subscribe(view -> box.setValue(view.colorMap()));
        return box;
    }

    private Node buildSink() {
        ToggleButton sink = new ToggleButton("Drop sink", new FontIcon(Feather.DROPLET));
        sink.getStyleClass().add("small");
        sink.setMinWidth(Region.USE_PREF_SIZE);
        sink.setTooltip(
                new Tooltip(
                        "Leave the first key out and renormalise each row: p / (1 \u2212 p\u2080)"
                                + tail(KeyBinding.SINK)));
        sink.setOnAction(event -> explore.setDropSink(sink.isSelected()));
        explore.viewProperty().subscribe(view -> sink.setSelected(view.dropSink()));
        sink.setAccessibleText("Drop sink");
        sink.contentDisplayProperty()
                .bind(
                        widthProperty()
                                .map(width ->
                                        width.doubleValue() < ROOMY
                                                ? ContentDisplay.GRAPHIC_ONLY
                                                : ContentDisplay.LEFT));
        return sink;
    }

    /** The buttons that stand beside the title. */
    static Node actions(Actions actions) {
        Button fit = new Button(null, new FontIcon(Feather.MAXIMIZE));
        fit.setAccessibleText("Fit");
        fit.setTooltip(new Tooltip("Show the whole map" + tail(KeyBinding.FIT)));
        fit.setOnAction(event -> actions.fit().run());
        Button one = new Button("1:1");
        one.setTooltip(new Tooltip("One cell, one pixel" + tail(KeyBinding.ONE_TO_ONE)));
        one.setOnAction(event -> actions.oneToOne().run());
        Button export = new Button(null, new FontIcon(Feather.DOWNLOAD));
        export.setAccessibleText("Export");
        export.setTooltip(
                new Tooltip("Write the picture or its numbers" + tail(KeyBinding.EXPORT)));
        export.setOnAction(event -> actions.export().run());
        HBox box = new HBox(2, fit, one, export);
        box.setAlignment(Pos.CENTER_RIGHT);
        for (Node node : box.getChildren()) {
            node.getStyleClass().addAll("small", "button-icon", "flat");
            ((Button) node).setMinWidth(Region.USE_PREF_SIZE);
        }
        return box;
    }

    /** A colour map by its colours and its name. */
    private static final class SwatchCell extends ListCell<ColorMap> {
        private final boolean named;

        SwatchCell(boolean named) {
            this.named = named;
        }

        @Override
        protected void updateItem(ColorMap item, boolean empty) {
            super.updateItem(item, empty);
            if (empty || item == null) {
                setText(null);
                setGraphic(null);
                return;
            }
            setText(named ? item.title() : null);
            Rectangle swatch = new Rectangle(40, 10);
            swatch.setFill(gradient(item));
            setGraphic(swatch);
        }

        private static LinearGradient gradient(ColorMap map) {
            List<Stop> stops = new ArrayList<>();
            for (int i = 0; i <= SWATCH_STOPS; i++) {
                double at = (double) i / SWATCH_STOPS;
                int argb = map.palette(false).argb((float) at);
                stops.add(new Stop(at, Color.rgb(argb >> 16 & 255, argb >> 8 & 255, argb & 255)));
            }
            return new LinearGradient(0, 0, 1, 0, true, CycleMethod.NO_CYCLE, stops);
        }
    }
}
