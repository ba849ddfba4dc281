package org.headlight.app.atlas;

import javafx.scene.control.Label;

import org.headlight.analysis.heads.Detector;
import org.headlight.analysis.heads.DetectorScores;
import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.OffsetProfile;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.analysis.heads.pattern.PatternFit;
import org.headlight.analysis.heads.probe.ProbeScores;
import org.headlight.app.reading.FactGrid;
import org.headlight.app.reading.SidePane;
import org.headlight.viz.chart.DistanceChart;
import org.headlight.viz.raster.NumberText;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The portrait of the head on show. */
final class AtlasSide extends SidePane {
    private static final int MATES = 12;

    private final AtlasViewModel model;
    private final Label title = title("Portrait");
    private final Label rule = FactGrid.words("");
    private final FactGrid numbers = new FactGrid(1);
    private final DistanceChart chart = new DistanceChart();
    private final Label ahead = FactGrid.words("");

    AtlasSide(AtlasViewModel model) {
        this.model = model;
        chart.setPrefHeight(180);
        chart.setMinHeight(160);
        ahead.managedProperty().bind(ahead.textProperty().isNotEmpty());
        put(title, rule, chart, ahead, numbers);
        model.atlasProperty().subscribe(atlas -> show());
        model.clustersProperty().subscribe(clusters -> show());
        model.probeProperty().subscribe(probe -> show());
        model.explore().shownHeadProperty().subscribe(head -> show());
    }

    private void show() {
        numbers.clear();
        HeadAtlas atlas = model.atlasProperty().get();
        int index = model.shown();
        if (atlas == null || index < 0) {
            title.setText("Portrait");
            rule.setText("Measure the heads, then choose one.");
            chart.show(List.of());
            ahead.setText("");
            return;
        }
        HeadPortrait head = atlas.heads().get(index);
        title.setText(head.name() + ": " + head.kind().label());
        rule.setText(head.kind().rule());
        chart.show(head.profile().map(OffsetProfile::ranges).orElse(List.of()));
        ahead.setText(
                head.profile().map(OffsetProfile::ahead).map(AtlasViewModel::ahead).orElse(""));
        head.detectors().ifPresent(this::detectors);
        ProbeScores.Scores probed = model.probed(head);
        if (probed != null) {
            numbers.section("On random tokens that repeat after varying gaps");
            numbers.line("previous", "Mean of A[q, q \u2212 1].", number(probed.previous()));
            numbers.line(
                    "duplicate", "On where the token stood first.", number(probed.duplicate()));
            numbers.line("induction", "On what followed there.", number(probed.induction()));
        }
        head.pattern().ifPresent(this::patterns);
        likeness(atlas, index);
    }

    private void detectors(DetectorScores scores) {
        numbers.section("TransformerLens's detector: mul, abs");
        for (Detector detector : Detector.values()) {
            Detector.Options abs = new Detector.Options(Detector.Measure.ABS, false, false);
            numbers.line(
                    detector.name().toLowerCase(Locale.ROOT),
                    "Share of the attention on the pattern, and 1 less the mean error to it.",
                    number(scores.score(detector, Detector.Options.STANDARD))
                            + "  "
                            + number(scores.score(detector, abs)));
        }
    }

    private void patterns(PatternFit fit) {
        numbers.section(
                "What MInference's patterns keep"
                        + (fit.scaled() ? " (sizes made smaller for this short text)" : ""));
        for (PatternFit.Kept kept : fit.kept()) {
            boolean best = kept.equals(fit.best());
            numbers.line(
                    kept.candidate().label(),
                    "Mean over the later rows of the attention that the pattern keeps.",
                    String.format(Locale.ROOT, "%.1f %%", 100 * kept.mass())
                            + (best ? " \u2713" : ""));
        }
    }

    private void likeness(HeadAtlas atlas, int index) {
        numbers.section("Likeness");
        double disagreement = atlas.disagreement(index);
        if (!Double.isNaN(disagreement)) {
            numbers.line(
                    "disagreement",
                    "Mean distance of the heads that share its keys: 0 alike, 1 nothing in"
                            + " common.",
                    number(disagreement));
        }
        Clusters clusters = model.clustersProperty().get();
        if (clusters != null) {
            List<String> mates =
                    clusters.heads(clusters.of(index)).stream()
                            .filter(other -> other != index)
                            .map(other -> atlas.heads().get(other).name())
                            .toList();
            String names = mates.stream().limit(MATES).collect(Collectors.joining(" "));
            int more = mates.size() - MATES;
            Label label =
                    FactGrid.words(
                            mates.isEmpty()
                                    ? "No other head is so like it."
                                    : "Like it: "
                                            + names
                                            + (more > 0 ? " and " + more + " more" : ""));
            numbers.wide(label);
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "\u2013" : NumberText.plain(value);
    }
}
