package org.headlight.app.retrieval;

import javafx.beans.binding.Bindings;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.StringProperty;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.StringConverter;

import org.controlsfx.control.SegmentedButton;
import org.headlight.analysis.retrieval.MaskPhase;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.app.open.FileDialogs;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The controls above the matrices: what is asked, how it is scored, what is masked. */
final class RetrievalTools {
    private static final double FIELD = 190;
    private static final int MOST = 10_000;

    private final RetrievalViewModel retrieval;
    private final RetrievalSetup setup;
    private final FileDialogs dialogs;

    RetrievalTools(RetrievalViewModel retrieval, FileDialogs dialogs) {
        this.retrieval = retrieval;
        this.setup = retrieval.setup();
        this.dialogs = dialogs;
    }

    /** All of them, in order. */
    List<Node> all() {
        return List.of(start(), trials(), kind(), mask(), masking());
    }

    /** Starts the trials, or goes on with them. */
    Button start() {
        Button start = new Button("Start trials", new FontIcon(Feather.PLAY));
        start.getStyleClass().addAll("accent", "small");
        start.setMinWidth(Region.USE_PREF_SIZE);
        start.setTooltip(
                new Tooltip(
                        "Makes the trials that are not there yet; those that are finished are"
                                + " kept on the disk."));
        start.disableProperty()
                .bind(
                        retrieval
                                .startableProperty()
                                .not()
                                .or(retrieval.state().workProperty().isNotNull()));
        start.setOnAction(event -> retrieval.start());
        return start;
    }

    private Node mask() {
        Button mask = new Button();
        mask.textProperty()
                .bind(Bindings.format("Mask top %d and %<d random", setup.maskedProperty()));
        mask.getStyleClass().add("small");
        mask.setMinWidth(Region.USE_PREF_SIZE);
        mask.setTooltip(
                new Tooltip(
                        "The causal check: the trials again with the top heads averaging what they"
                                + " see, and with as many random heads of the same layers."));
        mask.disableProperty()
                .bind(
                        retrieval
                                .maskableProperty()
                                .not()
                                .or(retrieval.state().workProperty().isNotNull()));
        mask.setOnAction(event -> retrieval.mask());
        return mask;
    }

    private Node kind() {
        ToggleButton set = new ToggleButton("Set");
        ToggleButton count = new ToggleButton("Count");
        set.setTooltip(new Tooltip("|g \u2229 k| / |k|, as the paper defines the score: 0 to 1."));
        count.setTooltip(
                new Tooltip(
                        "Matching steps over needle tokens, as the paper's code counts: repeated"
                                + " answers go above 1."));
        for (ToggleButton button : List.of(set, count)) {
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        set.setOnAction(event -> choose(ScoreKind.SET, set));
        count.setOnAction(event -> choose(ScoreKind.COUNT, count));
        setup.kindProperty()
                .subscribe(kind -> {
                    set.setSelected(kind == ScoreKind.SET);
                    count.setSelected(kind == ScoreKind.COUNT);
                });
        SegmentedButton both = new SegmentedButton(set, count);
        both.setMinWidth(Region.USE_PREF_SIZE);
        return both;
    }

    private void choose(ScoreKind kind, ToggleButton button) {
        setup.kindProperty().set(kind);
        button.setSelected(true);
    }

    private Node trials() {
        GridPane lines = lines();
        line(
                lines,
                "Needles",
                files(
                        List.of("suited to the model", "demo", "english"),
                        chosen ->
                                setup.needlesProperty()
                                        .set(
                                                chosen == null || chosen.startsWith("suited")
                                                        ? null
                                                        : chosen)),
                "Facts to hide: those of Headlight, or a file of JSON objects with needle, question"
                        + " and answer.");
        line(
                lines,
                "Haystack",
                files(
                        List.of("The Time Machine"),
                        chosen ->
                                setup.haystackProperty()
                                        .set(
                                                chosen == null || chosen.startsWith("The Time")
                                                        ? null
                                                        : Path.of(chosen))),
                "The text that they are hidden in; repeated where it is too short.");
        line(
                lines,
                "Lengths",
                text(setup.lengthsProperty()),
                "Tokens of the prompt, as 128, 512 or from:to:count; 0 for the needle alone.");
        line(
                lines,
                "Depths",
                text(setup.depthsProperty()),
                "Where the needle is, in percent of the haystack, as 0, 50, 100 or from:to:count.");
        line(
                lines,
                "Response",
                whole(setup.maxTokensProperty(), 1, MOST, 10),
                "The most tokens of a response, up to its first newline.");
        line(
                lines,
                "Top-k",
                whole(setup.topKProperty(), 1, 100, 1),
                "A head copies a token when one of its k largest weights is on it; 1 in the"
                        + " paper.");
        line(
                lines,
                "Success above",
                fraction(setup.successProperty(), 0, 0.99, 0.05),
                "ROUGE-1 recall above which a trial succeeded; only those count for scores.");
        line(
                lines,
                "Head from",
                fraction(setup.thresholdProperty(), 0, 1, 0.05),
                "Score from which on a head is called a retrieval head; 0.1 in the paper.");
        return menu("Set up", "What is hidden and where, and what counts.", lines);
    }

    private Node masking() {
        GridPane lines = lines();
        line(
                lines,
                "Heads",
                whole(setup.maskedProperty(), 1, MOST, 1),
                "How many of the best heads are masked, against as many random ones.");
        ComboBox<MaskPhase> phase = new ComboBox<>();
        phase.getItems().addAll(MaskPhase.values());
        phase.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable MaskPhase of) {
                        return of == MaskPhase.ALL ? "reading and writing" : "writing only";
                    }

                    @Override
                    public MaskPhase fromString(@Nullable String text) {
                        return setup.phaseProperty().get();
                    }
                });
        phase.valueProperty().bindBidirectional(setup.phaseProperty());
        line(
                lines,
                "While",
                phase,
                "Writing only, as in the paper, or while the prompt is read, too.");
        line(
                lines,
                "Seed",
                whole(setup.seedProperty(), 0, Integer.MAX_VALUE, 1),
                "Chooses the random heads.");
        return menu("Mask", "How many heads are masked, when, and which random ones.", lines);
    }

    private static MenuButton menu(String name, String tip, GridPane lines) {
        CustomMenuItem item = new CustomMenuItem(lines, false);
        item.getStyleClass().add("setup-item");
        MenuButton menu = new MenuButton(name, new FontIcon(Feather.SLIDERS), item);
        menu.getStyleClass().addAll("flat", "small");
        menu.setMinWidth(Region.USE_PREF_SIZE);
        menu.setTooltip(new Tooltip(tip));
        return menu;
    }

    private static GridPane lines() {
        GridPane lines = new GridPane();
        lines.setHgap(12);
        lines.setVgap(8);
        return lines;
    }

    private static void line(GridPane lines, String name, Region value, String sentence) {
        Label label = new Label(name);
        label.setMinWidth(Region.USE_PREF_SIZE);
        label.setTooltip(new Tooltip(sentence));
        value.setAccessibleText(name);
        value.setPrefWidth(FIELD);
        if (value instanceof Control control) {
            control.setTooltip(new Tooltip(sentence));
        }
        lines.addRow(lines.getRowCount(), label, value);
    }

    /** Names to choose from, and any file. */
    private Region files(List<String> names, Consumer<@Nullable String> chosen) {
        ComboBox<String> box = new ComboBox<>();
        box.getItems().addAll(names);
        box.setValue(names.getFirst());
        box.setMaxWidth(Double.MAX_VALUE);
        box.valueProperty().addListener((property, old, now) -> chosen.accept(now));
        Button file = new Button("", new FontIcon(Feather.FOLDER));
        file.setTooltip(new Tooltip("Choose a file."));
        file.setAccessibleText("Choose a file");
        file.setMinWidth(Region.USE_PREF_SIZE);
        file.setOnAction(event ->
                dialogs.openText()
                        .ifPresent(path -> {
                            String name = path.toString();
                            if (!box.getItems().contains(name)) {
                                box.getItems().add(name);
                            }
                            box.setValue(name);
                        }));
        HBox.setHgrow(box, Priority.ALWAYS);
        return new HBox(4, box, file);
    }

    private static TextField text(StringProperty property) {
        TextField field = new TextField();
        field.textProperty().bindBidirectional(property);
        return field;
    }

    private static Spinner<Integer> whole(IntegerProperty property, int low, int high, int step) {
        SpinnerValueFactory<Integer> values =
                new SpinnerValueFactory.IntegerSpinnerValueFactory(low, high, property.get(), step);
        values.setConverter(new Typed<>(Integer::valueOf, property::get));
        values.valueProperty().addListener((o, was, now) -> property.set(now == null ? low : now));
        property.subscribe(now -> values.setValue(now.intValue()));
        Spinner<Integer> spinner = new Spinner<>(values);
        spinner.setEditable(true);
        return spinner;
    }

    private static Spinner<Double> fraction(
            DoubleProperty property, double low, double high, double step) {
        SpinnerValueFactory<Double> values =
                new SpinnerValueFactory.DoubleSpinnerValueFactory(low, high, property.get(), step);
        values.setConverter(new Typed<>(Double::valueOf, property::get));
        values.valueProperty().addListener((o, was, now) -> property.set(now == null ? low : now));
        property.subscribe(now -> values.setValue(now.doubleValue()));
        Spinner<Double> spinner = new Spinner<>(values);
        spinner.setEditable(true);
        return spinner;
    }

    /** Numbers as they are typed; what is none gives the number that is there. */
    private static final class Typed<T extends Number> extends StringConverter<T> {
        private final Function<String, T> reader;
        private final Supplier<T> present;

        Typed(Function<String, T> reader, Supplier<T> present) {
            this.reader = reader;
            this.present = present;
        }

        @Override
        public String toString(@Nullable T value) {
            if (value instanceof Double number) {
                return NumberText.plain(number);
            }
            return value == null ? "" : value.toString();
        }

        @Override
        public T fromString(@Nullable String text) {
            try {
                return reader.apply(text == null ? "" : text.strip());
            } catch (NumberFormatException e) {
                return present.get();
            }
        }
    }
}
