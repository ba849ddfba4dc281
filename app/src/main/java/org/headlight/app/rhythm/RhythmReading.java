package org.headlight.app.rhythm;

import javafx.beans.property.ObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.util.StringConverter;

import org.headlight.analysis.rhythm.Strategy;
import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where a response plans, and what it leans on. */
public final class RhythmReading implements Reading {
    private static final String SENTENCE =
            "Where a response looks back and plans (WAAD), and which tokens the rest of it leans on"
                    + " (FAI): the preplan-and-anchor rhythm (Li et al. 2025, arXiv 2510.13554).";

    private final ReadingContext context;
    private final RhythmViewModel view;
    private @Nullable RhythmSide side;

    /** A reading of what {@code context} shows. */
    public RhythmReading(ReadingContext context) {
        this.context = context;
        this.view = new RhythmViewModel(context.tasks(), context.explore(), context::model);
    }

    @Override
    public String name() {
        return "Rhythm";
    }

    @Override
    public String tip() {
        return SENTENCE;
    }

    @Override
    public Ikon icon() {
        return Feather.ACTIVITY;
    }

    @Override
    public KeyBinding key() {
        return KeyBinding.RHYTHM;
    }

    @Override
    public Optional<Node> lower() {
        ReadingPane pane = new ReadingPane("Preplan and anchor", SENTENCE, view.state());
        RhythmPane content = new RhythmPane(view, context.explore());
        pane.setContent(content);
        pane.tools().addAll(response(), weights(), strip());
        RhythmExport export = new RhythmExport(context, view);
        pane.actions()
                .add(
                        new ExportMenu(
                                context.export(),
                                view.state(),
                                List.of(
                                        new ExportMenu.Item(
                                                "Picture of the chart (PNG)",
                                                () -> export.chart(content.chart())),
                                        new ExportMenu.Item(
                                                "Picture of the heads (PNG)",
                                                () -> export.heads(made().heads().matrix())),
                                        new ExportMenu.Item("Every token (CSV)", export::table),
                                        new ExportMenu.Item("Everything (JSON)", export::json))));
        return Optional.of(pane);
    }

    private Node response() {
        IntegerSpinnerValueFactory values =
                new IntegerSpinnerValueFactory(
                        0, Integer.MAX_VALUE, view.responseFromProperty().get());
        values.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable Integer value) {
                        return value == null ? "" : value.toString();
                    }

                    @Override
                    public Integer fromString(@Nullable String text) {
                        try {
                            return Integer.valueOf(text == null ? "" : text.strip());
                        } catch (NumberFormatException e) {
                            return view.responseFromProperty().get();
                        }
                    }
                });
        values.valueProperty()
                .addListener(
                        (o, was, now) -> view.responseFromProperty().set(now == null ? 0 : now));
        view.responseFromProperty().subscribe(now -> values.setValue(now.intValue()));
        Spinner<Integer> spinner = new Spinner<>(values);
        spinner.setEditable(true);
        spinner.setPrefWidth(80);
        spinner.getStyleClass().add("small");
        spinner.setAccessibleText("First token of the response");
        spinner.setTooltip(
                new Tooltip(
                        "Position of the first token of the response: where the model began to"
                                + " write, or where an answer that you pasted begins."));
        Button here = new Button("From query");
        here.getStyleClass().addAll("flat", "small");
        here.setTooltip(new Tooltip("The response begins at the token that is locked in the map."));
        here.disableProperty().bind(context.explore().selectedCellProperty().isNull());
        here.setOnAction(event -> view.beginAtSelection());
        return labelled("Response from", spinner, here);
    }

    private Node weights() {
        return labelled(
                "Credit",
                choice(
                        List.of(Strategy.values()),
                        view.strategyProperty(),
                        Strategy::title,
                        "Whose weights are shown: preplan tokens amplified, anchor tokens"
                                + " amplified, or anchors with part of their credit handed back to"
                                + " the token that introduced them."));
    }

    private Node strip() {
        return labelled(
                "Tint",
                choice(
                        List.of(StripShows.values()),
                        view.stripProperty(),
                        StripShows::title,
                        "What the tint of the tokens below the map is."));
    }

    private static <T> ComboBox<T> choice(
            List<T> all, ObjectProperty<T> property, Function<T, String> title, String tip) {
        ComboBox<T> box = new ComboBox<>();
        box.getItems().addAll(all);
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable T value) {
                        return value == null ? "" : title.apply(value);
                    }

                    @Override
                    public T fromString(@Nullable String text) {
                        return property.get();
                    }
                });
        box.valueProperty().bindBidirectional(property);
        box.getStyleClass().add("small");
        box.setPrefWidth(116);
        box.setTooltip(new Tooltip(tip));
        return box;
    }

    private static Node labelled(String name, Node... nodes) {
        Label label = new Label(name);
        label.getStyleClass().add("caption");
        label.setLabelFor(nodes[0]);
        HBox box = new HBox(6, label);
        box.getChildren().addAll(nodes);
        box.setAlignment(Pos.CENTER_LEFT);
        return box;
    }

    private RhythmSide made() {
        RhythmSide made = side;
        if (made == null) {
            made = new RhythmSide(view, context.explore(), context.dark());
            side = made;
        }
        return made;
    }

    @Override
    public Optional<Node> side() {
        return Optional.of(made());
    }

    @Override
    public List<String> lanes() {
        return List.of(RhythmViewModel.LANE);
    }

    @Override
    public void shown() {
        view.show();
    }

    @Override
    public void hidden() {
        view.hide();
    }
}
