package org.headlight.app.rhythm;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.controlsfx.control.SegmentedButton;
import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmHead;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.matrix.MatrixCell;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** How far each head looks, with the heads of one set marked. */
final class HeadSetsCard extends VBox {
    private final RhythmViewModel view;
    private final ExploreViewModel explore;
    private final ValueMatrix matrix = new ValueMatrix();
    private final ObjectProperty<HeadSet> shown = new SimpleObjectProperty<>(HeadSet.LOCAL);
    private final ToggleButton local =
            button(HeadSet.LOCAL, "The heads that look nearest (d lowest).");
    private final ToggleButton global = button(HeadSet.GLOBAL, "The heads that look farthest.");
    private final ToggleButton receivers =
            button(
                    HeadSet.RECEIVERS,
                    "The heads whose later sentences look most unevenly at earlier ones.");
    private List<Integer> layers = List.of();
    private boolean following;

    HeadSetsCard(RhythmViewModel view, ExploreViewModel explore, ReadOnlyBooleanProperty dark) {
        super(4);
        this.view = view;
        this.explore = explore;
        matrix.darkProperty().bind(dark);
        matrix.hoverTextProperty().set(this::describe);
        matrix.setMinHeight(120);
        matrix.setPrefHeight(160);
        choose(local, HeadSet.LOCAL);
        choose(global, HeadSet.GLOBAL);
        choose(receivers, HeadSet.RECEIVERS);
        local.setSelected(true);
        getChildren().addAll(new SegmentedButton(local, global, receivers), matrix);
        view.rhythmProperty().subscribe(this::show);
        shown.subscribe(set -> mark());
        explore.viewProperty()
                .subscribe(state -> {
                    matrix.colorMapProperty().set(state.colorMap());
                    follow();
                });
        matrix.selectedProperty()
                .addListener((property, old, cell) -> {
                    if (!following && cell != null) {
                        select(cell);
                    }
                });
    }

    ValueMatrix matrix() {
        return matrix;
    }

    private static ToggleButton button(HeadSet set, String tip) {
        ToggleButton button = new ToggleButton(set.title(null));
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(tip));
        return button;
    }

    private void choose(ToggleButton button, HeadSet set) {
        button.setOnAction(event -> {
            button.setSelected(true);
            shown.set(set);
        });
    }

    private void show(@Nullable Rhythm rhythm) {
        local.setText(HeadSet.LOCAL.title(rhythm));
        global.setText(HeadSet.GLOBAL.title(rhythm));
        receivers.setText(HeadSet.RECEIVERS.title(rhythm));
        if (rhythm == null) {
            layers = List.of();
            matrix.marked().clear();
            matrix.valuesProperty().set(ValueGrid.EMPTY);
            return;
        }
        layers = rhythm.heads().stream().map(RhythmHead::layer).distinct().toList();
        List<List<Double>> rows = new ArrayList<>();
        layers.forEach(layer -> rows.add(new ArrayList<>()));
        for (RhythmHead head : rhythm.heads()) {
            rows.get(layers.indexOf(head.layer())).add(head.distance());
        }
        matrix.valuesProperty()
                .set(
                        ValueGrid.heads(
                                layers.stream().map(layer -> "L" + layer).toList(),
                                "mean distance d, tokens",
                                rows.stream()
                                        .map(row ->
                                                row.stream()
                                                        .mapToDouble(Double::doubleValue)
                                                        .toArray())
                                        .toArray(double[][]::new)));
        mark();
        follow();
    }

    private void mark() {
        Rhythm rhythm = view.rhythmProperty().get();
        matrix.marked().clear();
        if (rhythm != null) {
            shown.get()
                    .of(rhythm)
                    .forEach(head ->
                            matrix.marked()
                                    .add(
                                            new MatrixCell(
                                                    layers.indexOf(head.layer()), head.head())));
        }
    }

    private @Nullable RhythmHead at(MatrixCell cell) {
        Rhythm rhythm = view.rhythmProperty().get();
        if (rhythm == null || cell.row() >= layers.size()) {
            return null;
        }
        int layer = layers.get(cell.row());
        return rhythm.heads().stream()
                .filter(head -> head.layer() == layer && head.head() == cell.column())
                .findFirst()
                .orElse(null);
    }

    private String describe(MatrixCell cell) {
        RhythmHead head = at(cell);
        Rhythm rhythm = view.rhythmProperty().get();
        if (head == null || rhythm == null) {
            return "";
        }
        return head.name()
                + "  d "
                + NumberText.plain(head.distance())
                + (Double.isNaN(head.kurtosis())
                        ? ""
                        : "  kurtosis " + NumberText.plain(head.kurtosis()))
                + (rhythm.local().contains(head) ? "  local" : "")
                + (rhythm.global().contains(head) ? "  global" : "")
                + (rhythm.receivers().contains(head) ? "  receiver" : "");
    }

    /** A cell of the matrix becomes the head on show. */
    private void select(MatrixCell cell) {
        Capture capture = explore.captureProperty().get();
        RhythmHead head = at(cell);
        if (capture == null || head == null) {
            return;
        }
        for (int site = 0; site < capture.sites().size(); site++) {
            if (capture.sites().get(site).layer() == head.layer()
                    && capture.sites().get(site).kind() == SiteKind.SELF) {
                explore.selectHead(new HeadRef(site, head.head()));
                return;
            }
        }
    }

    /** The head on show becomes the selected cell. */
    private void follow() {
        following = true;
        int row =
                explore.site()
                        .filter(site -> site.kind() == SiteKind.SELF)
                        .map(site -> layers.indexOf(site.layer()))
                        .orElse(-1);
        matrix.selectedProperty()
                .set(
                        row < 0
                                ? null
                                : new MatrixCell(row, explore.viewProperty().get().head().head()));
        following = false;
    }
}
