package org.headlight.app.atlas;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.analysis.heads.Detector;
import org.headlight.analysis.heads.DetectorScores;
import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.OffsetProfile;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.analysis.heads.pattern.PatternFit;
import org.headlight.analysis.heads.probe.ProbeScores;
import org.headlight.viz.chart.DistanceChart;
import org.headlight.viz.raster.NumberText;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The portrait of the head on show. */
final class AtlasSide extends ScrollPane {
    private static final int MATES = 12;

    private final AtlasViewModel model;
    private final Label title = new Label("Portrait");
    private final Label rule = words("");
    private final GridPane numbers = grid();
    private final DistanceChart chart = new DistanceChart();

    AtlasSide(AtlasViewModel model) {
        this.model = model;
        getStyleClass().addAll("pane", "inspector-pane", "edge-to-edge");
        setFitToWidth(true);
        setHbarPolicy(ScrollBarPolicy.NEVER);
        title.getStyleClass().add("pane-title");
        title.setWrapText(true);
        chart.setPrefHeight(180);
        chart.setMinHeight(160);
        VBox box = new VBox(12, title, rule, chart, numbers);
        box.getStyleClass().add("inspector-box");
        setContent(box);
        model.atlasProperty().subscribe(atlas -> show());
        model.clustersProperty().subscribe(clusters -> show());
        model.probeProperty().subscribe(probe -> show());
        model.explore().shownHeadProperty().subscribe(head -> show());
    }

    private static GridPane grid() {
        GridPane grid = new GridPane();
        grid.setHgap(12);
        grid.setVgap(4);
        ColumnConstraints name = new ColumnConstraints();
        name.setHgrow(Priority.ALWAYS);
        ColumnConstraints value = new ColumnConstraints();
        value.setMinWidth(Region.USE_PREF_SIZE);
        grid.getColumnConstraints().addAll(name, value);
        return grid;
    }

    private static Label words(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.getStyleClass().add("text-muted");
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private void show() {
        numbers.getChildren().clear();
        HeadAtlas atlas = model.atlasProperty().get();
        int index = model.shown();
        if (atlas == null || index < 0) {
            title.setText("Portrait");
            rule.setText("Measure the heads, then choose one.");
            chart.show(List.of());
            return;
        }
        HeadPortrait head = atlas.heads().get(index);
        title.setText(head.name() + ": " + head.kind().label());
        rule.setText(head.kind().rule());
        chart.show(head.profile().map(OffsetProfile::ranges).orElse(List.of()));
        head.detectors().ifPresent(this::detectors);
        ProbeScores.Scores probed = model.probed(head);
        if (probed != null) {
            section("On random tokens that repeat after varying gaps");
            line("previous", number(probed.previous()), "Mean of A[q, q \u2212 1].");
            line("duplicate", number(probed.duplicate()), "On where the token stood first.");
            line("induction", number(probed.induction()), "On what followed there.");
        }
        head.pattern().ifPresent(this::patterns);
        likeness(atlas, index);
    }

    private void detectors(DetectorScores scores) {
        section("TransformerLens's detector: mul, abs");
        for (Detector detector : Detector.values()) {
            Detector.Options abs = new Detector.Options(Detector.Measure.ABS, false, false);
            line(
                    detector.name().toLowerCase(Locale.ROOT),
                    number(scores.score(detector, Detector.Options.STANDARD))
                            + "  "
                            + number(scores.score(detector, abs)),
                    "Share of the attention on the pattern, and 1 less the mean error to it.");
        }
    }

    private void patterns(PatternFit fit) {
        section(
                "What MInference's patterns keep"
                        + (fit.scaled() ? " (sizes made smaller for this short text)" : ""));
        for (PatternFit.Kept kept : fit.kept()) {
            boolean best = kept.equals(fit.best());
            line(
                    kept.candidate().label(),
                    String.format(Locale.ROOT, "%.1f %%", 100 * kept.mass())
                            + (best ? " \u2713" : ""),
                    "Mean over the later rows of the attention that the pattern keeps.");
        }
    }

    private void likeness(HeadAtlas atlas, int index) {
        section("Likeness");
        double disagreement = atlas.disagreement(index);
        if (!Double.isNaN(disagreement)) {
            line(
                    "disagreement",
                    number(disagreement),
                    "Mean distance of the heads that share its keys: 0 alike, 1 nothing in"
                            + " common.");
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
                    words(
                            mates.isEmpty()
                                    ? "No other head is so like it."
                                    : "Like it: "
                                            + names
                                            + (more > 0 ? " and " + more + " more" : ""));
            numbers.add(label, 0, numbers.getRowCount(), 2, 1);
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "\u2013" : NumberText.plain(value);
    }

    private void section(String name) {
        Label label = words(name);
        label.getStyleClass().add("caption");
        numbers.add(label, 0, numbers.getRowCount(), 2, 1);
    }

    private void line(String name, String value, String meaning) {
        int line = numbers.getRowCount();
        Label left = new Label(name);
        left.getStyleClass().add("text-muted");
        Label right = new Label(value);
        right.getStyleClass().add("mono");
        right.setMinWidth(Region.USE_PREF_SIZE);
        right.setMaxWidth(Double.MAX_VALUE);
        right.setAlignment(Pos.CENTER_RIGHT);
        left.setTooltip(new Tooltip(meaning));
        right.setTooltip(new Tooltip(meaning));
        numbers.add(left, 0, line);
        numbers.add(right, 1, line);
    }
}
