package org.headlight.app.atlas;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ObjectProperty;
import javafx.collections.SetChangeListener;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadKind;
import org.headlight.analysis.heads.HeadMetric;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.NamedChoice;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.headlight.viz.chart.ScatterChart;
import org.headlight.viz.chart.ScatterPoint;
import org.headlight.viz.control.grid.HeadRef;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table of heads and the two numbers that they are brushed by. */
final class AtlasPane {
    static final String SENTENCE =
            "What each head does on this text, one sweep a head: drag a rectangle over any two"
                    + " numbers to brush heads (detectors after TransformerLens, patterns after"
                    + " MInference, arXiv 2407.02490).";

    /** More clusters than this have no legend: their colours come again. */
    private static final int NAMED = 9;

    private final AtlasViewModel model;
    private final ReadingContext context;
    private final ReadingPane pane;
    private final ScatterChart chart = new ScatterChart();
    private boolean following;

    AtlasPane(AtlasViewModel model, ReadingContext context, Node tabs) {
        this.model = model;
        this.context = context;
        this.pane = new ReadingPane("Atlas of heads", SENTENCE, model.state());
        Button measure = new Button("Measure every head");
        measure.setDefaultButton(false);
        measure.getStyleClass().add("accent");
        measure.setOnAction(event -> model.measure());
        measure.visibleProperty().bind(model.measurableProperty());
        measure.managedProperty().bind(measure.visibleProperty());
        pane.setEmptyActions(measure);
        pane.tools()
                .addAll(
                        tabs,
                        metric("across", model.acrossProperty()),
                        metric("up", model.upProperty()),
                        buildColors(),
                        buildCut(),
                        buildProbe());
        pane.actions().add(buildExport());
        SplitPane split = new SplitPane(new AtlasTable(model, context.dark()), chart);
        split.setDividerPositions(0.58);
        pane.setContent(split);
        link();
    }

    Node node() {
        return pane;
    }

    private void link() {
        model.atlasProperty().subscribe(atlas -> plot());
        model.clustersProperty().subscribe(clusters -> plot());
        model.acrossProperty().subscribe(metric -> plot());
        model.upProperty().subscribe(metric -> plot());
        model.byClusterProperty().subscribe(by -> plot());
        model.explore().shownHeadProperty().subscribe(head -> follow());
        chart.chosenProperty()
                .addListener((property, old, now) -> {
                    HeadAtlas atlas = model.atlasProperty().get();
                    int index = now.intValue();
                    if (!following && atlas != null && index >= 0) {
                        model.choose(atlas.heads().get(index));
                    }
                });
        chart.marked()
                .addListener(
                        (SetChangeListener<Integer>)
                                change -> {
                                    if (!following) {
                                        brushed();
                                    }
                                });
        model.brushed().addListener((SetChangeListener<HeadRef>) change -> markChart());
    }

    private void brushed() {
        HeadAtlas atlas = model.atlasProperty().get();
        List<HeadRef> heads = new ArrayList<>();
        for (int index : chart.marked()) {
            if (atlas != null && index < atlas.heads().size()) {
                heads.add(AtlasViewModel.ref(atlas.heads().get(index)));
            }
        }
        following = true;
        model.brush(heads);
        following = false;
    }

    private void markChart() {
        HeadAtlas atlas = model.atlasProperty().get();
        if (following) {
            return;
        }
        Set<Integer> now = new HashSet<>();
        for (int i = 0; atlas != null && i < atlas.heads().size(); i++) {
            if (model.brushed().contains(AtlasViewModel.ref(atlas.heads().get(i)))) {
                now.add(i);
            }
        }
        following = true;
        chart.marked().retainAll(now);
        chart.marked().addAll(now);
        following = false;
    }

    private void follow() {
        following = true;
        chart.chosenProperty().set(model.shown());
        following = false;
    }

    private void plot() {
        HeadAtlas atlas = model.atlasProperty().get();
        List<ScatterPoint> points = new ArrayList<>();
        for (int i = 0; atlas != null && i < atlas.heads().size(); i++) {
            HeadPortrait head = atlas.heads().get(i);
            points.add(
                    new ScatterPoint(
                            head.name(),
                            model.acrossProperty().get().of(head),
                            model.upProperty().get().of(head),
                            color(head, i)));
        }
        chart.show(
                points,
                kinds(),
                model.acrossProperty().get().label(),
                model.upProperty().get().label());
        follow();
    }

    /** What points are coloured by; clusters have no names beyond their numbers. */
    private List<String> kinds() {
        Clusters clusters = model.clustersProperty().get();
        if (!model.byClusterProperty().get() || clusters == null) {
            return Stream.of(HeadKind.values()).map(HeadKind::label).toList();
        }
        return clusters.count() <= NAMED
                ? IntStream.range(0, clusters.count()).mapToObj(i -> "cluster " + i).toList()
                : List.of();
    }

    private int color(HeadPortrait head, int index) {
        Clusters clusters = model.clustersProperty().get();
        return model.byClusterProperty().get() && clusters != null
                ? clusters.of(index)
                : List.of(HeadKind.values()).indexOf(head.kind());
    }

    private static Node metric(String name, ObjectProperty<HeadMetric> property) {
        NamedChoice<HeadMetric> combo =
                new NamedChoice<>(List.of(HeadMetric.values()), property, HeadMetric::label);
        Tooltip tip = new Tooltip();
        tip.textProperty().bind(property.map(HeadMetric::meaning));
        combo.setTooltip(tip);
        return NamedChoice.labelled(name, "The number that heads are plotted over.", combo);
    }

    private Node buildColors() {
        CheckBox box = new CheckBox("colour by cluster");
        box.setTooltip(
                new Tooltip("Points of one cluster look alike; else points of one kind do."));
        box.selectedProperty().bindBidirectional(model.byClusterProperty());
        return box;
    }

    private Node buildCut() {
        Slider slider = new Slider(0, 1, model.cutProperty().get());
        slider.setBlockIncrement(0.05);
        slider.setPrefWidth(100);
        slider.getStyleClass().add("small");
        slider.setAccessibleText("Cut of clusters");
        slider.valueProperty().bindBidirectional(model.cutProperty());
        Label value = new Label();
        value.getStyleClass().add("mono");
        value.setMinWidth(Region.USE_PREF_SIZE);
        value.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () -> {
                                    Clusters now = model.clustersProperty().get();
                                    return String.format(Locale.ROOT, "%.2f", slider.getValue())
                                            + (now == null ? "" : ": " + now.count());
                                },
                                slider.valueProperty(),
                                model.clustersProperty()));
        HBox box =
                NamedChoice.labelled(
                        "cut",
                        "Heads are put together while the mean distance of their rows, half the"
                                + " sum of differences, is at most this.",
                        slider);
        box.getChildren().add(value);
        return box;
    }

    private Node buildProbe() {
        Button probe = new Button("Probe with repeats");
        probe.getStyleClass().addAll("flat", "small");
        probe.setMinWidth(Region.USE_PREF_SIZE);
        probe.setTooltip(
                new Tooltip(
                        "Runs the model on random tokens, pieces of which come again after varying"
                                + " gaps: what the chosen head does on them stands at the right."));
        probe.setOnAction(event -> model.runProbe());
        return probe;
    }

    private Node buildExport() {
        AtlasExport export = new AtlasExport(model, context, chart);
        return new ExportMenu(
                context.export(),
                model.state(),
                List.of(
                        new ExportMenu.Item("Chart (PNG)", export::chart),
                        new ExportMenu.Item("Heads (CSV)", export::table),
                        new ExportMenu.Item("Everything (JSON)", export::json)));
    }
}
