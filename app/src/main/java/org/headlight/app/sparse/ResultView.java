package org.headlight.app.sparse;

import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.run.LayerFidelity;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseTimes;
import org.headlight.viz.chart.LayerBars;
import org.headlight.viz.chart.TimeBars;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where the time went, and how wrong each layer is. */
final class ResultView extends HBox {
    private static final double TIMES = 270;

    private final TimeBars times = new TimeBars();
    private final LayerBars layers = new LayerBars();
    private final Label words = new Label();

    ResultView(SparseViewModel sparse) {
        super(16);
        getStyleClass().add("sparse-result");
        words.getStyleClass().add("caption");
        words.setMinWidth(0);
        words.setWrapText(true);
        words.setMinHeight(0);
        VBox time = new VBox(6, times, words);
        time.setPrefWidth(TIMES);
        time.setMinWidth(TIMES);
        HBox.setHgrow(layers, Priority.ALWAYS);
        getChildren().addAll(time, layers);
        setMinHeight(0);
        sparse.runProperty().subscribe(this::show);
    }

    /** The chart of the layers, for figures. */
    LayerBars layers() {
        return layers;
    }

    private void show(@Nullable SparseRun run) {
        if (run == null) {
            return;
        }
        SparseResult result = run.result();
        SparseTimes t = result.times();
        words.setText(
                "Choosing and attending are "
                        + factor(t.attentionSpeedup())
                        + " as dense attention, the whole run is "
                        + factor(t.speedup())
                        + " (wall time)."
                        + (t.steps().isEmpty()
                                ? ""
                                : " In the continuation, step by step in both, they are "
                                        + factor(t.decodeSpeedup())
                                        + "."));
        times.show(bars(t), "ms");
        layers.show(kinds(result), "output error of the layer, relative");
    }

    private static List<TimeBars.Bar> bars(SparseTimes t) {
        List<TimeBars.Bar> bars = new ArrayList<>();
        bars.add(dense("dense", t.denseAttend(), t.denseRest()));
        t.steps()
                .ifPresent(steps -> bars.add(dense("step by step", steps.attend(), t.denseRest())));
        bars.add(
                new TimeBars.Bar(
                        "sparse",
                        List.of(
                                part("select", TimeBars.Sort.EXTRA, t.select()),
                                part("attend", TimeBars.Sort.MAIN, t.attend()),
                                part("rest", TimeBars.Sort.REST, t.rest()))));
        return bars;
    }

    private static TimeBars.Bar dense(String name, double attend, double rest) {
        return new TimeBars.Bar(
                name,
                List.of(
                        part("attend", TimeBars.Sort.MAIN, attend),
                        part("rest", TimeBars.Sort.REST, rest)));
    }

    private static TimeBars.Part part(String name, TimeBars.Sort sort, double value) {
        return new TimeBars.Part(name, sort, value);
    }

    private static String factor(double speedup) {
        return Double.isFinite(speedup)
                ? NumberText.plain(speedup) + " times as fast"
                : "not comparable";
    }

    /** The errors of each phase, by layer. */
    static List<LayerBars.Kind> kinds(SparseResult result) {
        int count = 1 + result.layers().stream().mapToInt(LayerFidelity::layer).max().orElse(0);
        List<LayerBars.Kind> kinds = new ArrayList<>();
        for (Phase phase : List.of(Phase.PREFILL, Phase.DECODE)) {
            List<Double> errors = new ArrayList<>(Collections.nCopies(count, Double.NaN));
            result.layers().stream()
                    .filter(layer -> layer.phase() == phase)
                    .forEach(layer -> errors.set(layer.layer(), layer.outputError()));
            if (errors.stream().anyMatch(e -> e > 0)) {
                kinds.add(new LayerBars.Kind(phase.word(), errors));
            }
        }
        return kinds;
    }
}
