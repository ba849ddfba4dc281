package org.headlight.app.xattention;

import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.util.StringConverter;

import org.headlight.analysis.antidiagonal.ScoreVariant;
import org.headlight.analysis.antidiagonal.SelectionRule;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.NamedChoice;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.headlight.viz.chart.CoverageChart;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The controls, the table of all heads and the coverage profile of the one on show. */
final class XAttentionPane {
    private static final String SENTENCE =
            "Blocks whose strided antidiagonals score highest are outlined on the map; hatched ones"
                    + " hold mass and are missed (XAttention, Xu et al. 2025, arXiv 2503.16428).";

    private final XAttentionViewModel model;
    private final ReadingContext context;
    private final ReadingPane pane;
    private final CoverageChart chart = new CoverageChart();

    XAttentionPane(XAttentionViewModel model, ReadingContext context) {
        this.model = model;
        this.context = context;
        this.pane = new ReadingPane("Antidiagonal blocks", SENTENCE, model.state());
        pane.tools().addAll(buildThreshold(), buildStride(), buildBlock(), buildRule());
        pane.tools().addAll(buildVariant(), buildPaint(), buildProfile(), buildTime());
        pane.actions().addAll(buildAll(), buildExport());
        HeadsTable table = new HeadsTable(model, context.explore());
        SplitPane split = new SplitPane(table, chart);
        split.setDividerPositions(0.62);
        pane.setContent(split);
        model.shownProperty()
                .subscribe(shown -> chart.show(shown.curve(), shown.threshold(), shown.profiled()));
    }

    Node node() {
        return pane;
    }

    private Node buildThreshold() {
        Slider slider = new Slider(0.05, 1, model.optionsProperty().get().threshold());
        slider.setBlockIncrement(0.01);
        slider.setPrefWidth(120);
        slider.getStyleClass().add("small");
        slider.setAccessibleText("Threshold tau");
        Label value = new Label();
        value.getStyleClass().add("mono");
        value.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () -> String.format(Locale.ROOT, "%.2f", slider.getValue()),
                                slider.valueProperty()));
        value.setMinWidth(Region.USE_PREF_SIZE);
        slider.valueProperty()
                .addListener((property, old, now) ->
                        model.change(options ->
                                options.withThreshold(
                                        Math.round(now.doubleValue() * 100) / 100.0)));
        model.optionsProperty()
                .subscribe(options -> {
                    if (Math.abs(slider.getValue() - options.threshold()) > 0.005) {
                        slider.setValue(options.threshold());
                    }
                });
        slider.disableProperty().bind(model.perHeadProperty());
        HBox box =
                NamedChoice.labelled(
                        "\u03c4",
                        "Threshold \u03c4: blocks are kept until they hold this share of a row's"
                                + " score. More keeps more.",
                        slider);
        box.getChildren().add(value);
        return box;
    }

    private <T> ComboBox<T> combo(
            Function<XAttentionOptions, T> read, Consumer<T> write, Function<T, String> words) {
        ComboBox<T> combo = new ComboBox<>();
        combo.getStyleClass().add("small");
        combo.setConverter(new WordsConverter<>(words));
        combo.valueProperty()
                .addListener((property, old, now) -> {
                    if (now != null && !now.equals(read.apply(model.optionsProperty().get()))) {
                        write.accept(now);
                    }
                });
        return combo;
    }

    /** A choice of sizes, which follows what the head and the other sizes allow. */
    private ComboBox<Integer> sizes(
            Function<XAttentionOptions, Integer> read,
            Consumer<Integer> write,
            Supplier<List<Integer>> choices) {
        ComboBox<Integer> combo = combo(read, write, size -> Integer.toString(size));
        model.optionsProperty()
                .subscribe(options -> {
                    if (!combo.getItems().equals(choices.get())) {
                        combo.getItems().setAll(choices.get());
                    }
                    combo.setValue(read.apply(options));
                });
        combo.setOnShowing(event -> {
            if (!combo.getItems().equals(choices.get())) {
                Integer now = combo.getValue();
                combo.getItems().setAll(choices.get());
                combo.setValue(now);
            }
        });
        return combo;
    }

    private Node buildStride() {
        return NamedChoice.labelled(
                "stride S",
                "Stride S: so many queries and keys are put into one. Larger is cheaper, 1 / S of"
                        + " the map, and coarser.",
                sizes(
                        XAttentionOptions::stride,
                        stride -> model.change(options -> options.withStride(stride)),
                        model::strideChoices));
    }

    private Node buildBlock() {
        return NamedChoice.labelled(
                "block B",
                "Block B: queries and keys that are kept or left out together.",
                sizes(XAttentionOptions::block, model::setBlock, model::blockChoices));
    }

    private Node buildRule() {
        ComboBox<SelectionRule> combo =
                combo(
                        XAttentionOptions::rule,
                        rule -> model.change(options -> options.withRule(rule)),
                        rule ->
                                rule == SelectionRule.MINIMAL
                                        ? "minimal cover (paper)"
                                        : "reference code");
        combo.getItems().setAll(SelectionRule.values());
        model.optionsProperty().subscribe(options -> combo.setValue(options.rule()));
        return NamedChoice.labelled(
                "rule",
                "The fewest blocks that reach \u03c4, or what the published code takes, which is"
                        + " one more in the first chunk.",
                combo);
    }

    private Node buildVariant() {
        ComboBox<ScoreVariant> combo =
                combo(
                        XAttentionOptions::variant,
                        variant -> model.change(options -> options.withVariant(variant)),
                        ScoreVariant::word);
        combo.getItems().setAll(ScoreVariant.values());
        model.optionsProperty().subscribe(options -> combo.setValue(options.variant()));
        return NamedChoice.labelled(
                "pairs",
                "Which pairs of a tile of S \u00d7 S scores are added up: the antidiagonal, or for"
                        + " comparison the diagonal or a random pairing.",
                combo);
    }

    private Node buildPaint() {
        CheckBox box = new CheckBox("scores over map");
        box.setTooltip(
                new Tooltip(
                        "Paints each block with its share of the row's score, logarithmic from"
                                + " 0.001 to 1, over the map itself."));
        box.selectedProperty().bindBidirectional(model.paintScoresProperty());
        return box;
    }

    private Node buildProfile() {
        CheckBox box = new CheckBox("\u03c4 per head");
        box.setTooltip(
                new Tooltip(
                        "Gives each head the threshold of its coverage profile: the score that the"
                                + " blocks with 90 % of the true mass reach."));
        box.selectedProperty().bindBidirectional(model.perHeadProperty());
        return box;
    }

    private Node buildTime() {
        Label time = new Label();
        time.getStyleClass().add("caption");
        time.setTooltip(new Tooltip("From the last change to the blocks on the map."));
        time.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () -> {
                                    double ms = model.millisecondsProperty().get();
                                    return Double.isNaN(ms)
                                            ? ""
                                            : String.format(Locale.ROOT, "drawn in %.0f ms", ms);
                                },
                                model.millisecondsProperty()));
        return time;
    }

    private Node buildAll() {
        Button all = new Button("Measure all heads");
        all.getStyleClass().addAll("flat", "small");
        all.setMinWidth(Region.USE_PREF_SIZE);
        all.setTooltip(
                new Tooltip("Sweeps every head for its true mass, and fills the table below."));
        all.setOnAction(event -> model.surveyAll());
        all.visibleProperty()
                .bind(Bindings.isEmpty(model.heads()).and(model.state().readyProperty()));
        all.managedProperty().bind(all.visibleProperty());
        return all;
    }

    private Node buildExport() {
        XAttentionExport export = new XAttentionExport(model, context, chart);
        return new ExportMenu(
                context.export(),
                model.state(),
                List.of(
                        new ExportMenu.Item("Map with blocks (PNG)", export::map),
                        new ExportMenu.Item("Coverage profile (PNG)", export::profile),
                        new ExportMenu.Item("Heads (CSV)", export::table),
                        new ExportMenu.Item(
                                "Heads with block sums and masks (JSON)", export::json)));
    }

    /** A converter that is only ever asked for words. */
    private static final class WordsConverter<T> extends StringConverter<T> {
        private final Function<T, String> words;

        WordsConverter(Function<T, String> words) {
            this.words = words;
        }

        @Override
        public String toString(@Nullable T value) {
            return value == null ? "" : words.apply(value);
        }

        @Override
        public @Nullable T fromString(String text) {
            return null;
        }
    }
}
