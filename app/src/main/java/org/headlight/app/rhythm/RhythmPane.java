package org.headlight.app.rhythm;

import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmToken;
import org.headlight.analysis.rhythm.Strategy;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.viz.chart.Track;
import org.headlight.viz.chart.TrackChart;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** WAAD, FAI and credit along the text, with a cursor that is linked with the map. */
final class RhythmPane extends VBox {
    private final RhythmViewModel view;
    private final TrackChart chart = new TrackChart("token position");
    private final Label reading = new Label();

    RhythmPane(RhythmViewModel view, ExploreViewModel explore) {
        super(4);
        this.view = view;
        reading.getStyleClass().add("profile-reading");
        reading.setMinWidth(0);
        VBox.setVgrow(chart, Priority.ALWAYS);
        getChildren().addAll(chart, reading);
        view.rhythmProperty().subscribe(rhythm -> draw());
        view.strategyProperty().subscribe(strategy -> draw());
        chart.hoveredProperty().subscribe(at -> read());
        chart.markedProperty().subscribe(at -> read());
        chart.setOnPicked(explore::selectQuery);
        explore.selectedCellProperty().subscribe(this::follow);
    }

    TrackChart chart() {
        return chart;
    }

    private void follow(@Nullable Cell cell) {
        chart.markedProperty().set(cell == null ? TrackChart.NONE : cell.row());
    }

    private void draw() {
        Rhythm rhythm = view.rhythmProperty().get();
        if (rhythm == null) {
            chart.show(List.of(), 0);
        } else {
            chart.show(tracks(rhythm, view.strategyProperty().get()), rhythm.from());
        }
        read();
    }

    /** The tracks of a figure, from the top down. */
    static List<Track> tracks(Rhythm rhythm, Strategy strategy) {
        return List.of(
                Track.line("WAAD, tokens", values(rhythm, RhythmToken::waad))
                        .withDots(where(rhythm, t -> t.marks().waadPeak()))
                        .withTicks(where(rhythm, t -> t.marks().preplan())),
                influence(rhythm),
                Track.bars(
                        "credit weight \u03b3, " + strategy.title(),
                        values(rhythm, t -> t.weight().of(strategy)),
                        1));
    }

    /** FAI; a first token that all lean on would leave no room for the others. */
    private static Track influence(Rhythm rhythm) {
        double[] values = values(rhythm, RhythmToken::fai);
        double rest = Arrays.stream(values).skip(1).filter(v -> !Double.isNaN(v)).max().orElse(0);
        boolean sink = values.length > 1 && rest > 0 && values[0] > 2 * rest;
        String name =
                sink
                        ? "FAI (token 0, at " + NumberText.plain(values[0]) + ", is off the scale)"
                        : "FAI";
        Track track =
                Track.line(name, values)
                        .withDots(where(rhythm, t -> t.marks().faiPeak()))
                        .withTicks(where(rhythm, t -> t.marks().anchor()));
        return sink ? track.withTop(rest) : track;
    }

    private static double[] values(Rhythm rhythm, ToDoubleFunction<RhythmToken> value) {
        return rhythm.tokens().stream().mapToDouble(value).toArray();
    }

    private static List<Integer> where(Rhythm rhythm, Predicate<RhythmToken> which) {
        return rhythm.tokens().stream().filter(which).map(RhythmToken::position).toList();
    }

    private void read() {
        Rhythm rhythm = view.rhythmProperty().get();
        int at = chart.hoveredProperty().get();
        at = at >= 0 ? at : chart.markedProperty().get();
        if (rhythm == null || at < 0 || at >= rhythm.tokens().size()) {
            reading.setText(rhythm == null ? "" : legend(rhythm));
            return;
        }
        RhythmToken token = rhythm.tokens().get(at);
        List<String> parts = new ArrayList<>();
        parts.add(NumberText.count(at) + " " + TokenLabel.of(token.token(), 16).text());
        add(parts, "WAAD", token.waad());
        add(parts, "step", token.step());
        add(parts, "FAI", token.fai());
        add(parts, "entropy", token.entropy());
        if (!Double.isNaN(token.waad())) {
            add(parts, "weight", token.weight().of(view.strategyProperty().get()));
        }
        String what = what(token.marks());
        if (!what.isEmpty()) {
            parts.add(what);
        }
        reading.setText(String.join("   ", parts));
    }

    private static void add(List<String> parts, String name, double value) {
        if (!Double.isNaN(value)) {
            parts.add(name + " " + NumberText.plain(value));
        }
    }

    private static String what(RhythmToken.Marks marks) {
        List<String> words = new ArrayList<>();
        if (marks.preplan()) {
            words.add("preplan");
        }
        if (marks.anchor()) {
            words.add(marks.prepared() ? "prepared anchor" : "anchor");
        }
        if (marks.introduces()) {
            words.add("introduces an anchor");
        }
        return String.join(", ", words);
    }

    private static String legend(Rhythm rhythm) {
        double period = rhythm.sawtooth().period();
        String teeth =
                Double.isNaN(period)
                        ? ""
                        : "   WAAD peaks every "
                                + NumberText.plain(period)
                                + " tokens, falls for "
                                + NumberText.plain(rhythm.sawtooth().fall());
        return "dots: peaks   ticks: preplan tokens, anchor tokens" + teeth;
    }
}
