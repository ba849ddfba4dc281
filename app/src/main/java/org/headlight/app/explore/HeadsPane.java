package org.headlight.app.explore;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.collections.SetChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.viz.control.grid.HeadGrid;
import org.headlight.viz.control.grid.HeadOrder;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.grid.HeadRow;
import org.headlight.viz.control.grid.ThumbnailSource;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.IntStream;

/** All heads as thumbnails: hover previews, click chooses. */
public final class HeadsPane extends VBox {
    private final ExploreViewModel explore;
    private final InspectorViewModel inspector;
    private final HeadGrid grid = new HeadGrid();

    public HeadsPane(
            ExploreViewModel explore, InspectorViewModel inspector, ReadOnlyBooleanProperty dark) {
        this.explore = explore;
        this.inspector = inspector;
        getStyleClass().addAll("pane", "heads-pane");
        grid.darkProperty().bind(dark);
        VBox.setVgrow(grid, Priority.ALWAYS);
        getChildren().addAll(buildHead(), grid);
        bind();
    }

    private HBox buildHead() {
        Label title = new Label("Heads");
        title.getStyleClass().add("pane-title");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        ComboBox<HeadOrder> order = new ComboBox<>();
        order.getItems().setAll(HeadOrder.values());
        order.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable HeadOrder value) {
                        return value == HeadOrder.SCORE ? "by sink" : "by layer";
                    }

                    @Override
                    public HeadOrder fromString(String text) {
                        return HeadOrder.POSITION;
                    }
                });
        order.getStyleClass().add("small");
        order.valueProperty().bindBidirectional(grid.orderProperty());
        order.setTooltip(
                new Tooltip(
                        "By layer, or with the largest mean probability on the first key first."));
        HBox head = new HBox(8, title, gap, order);
        head.getStyleClass().add("pane-head");
        head.setAlignment(Pos.CENTER_LEFT);
        return head;
    }

    private void bind() {
        grid.scoreNameProperty().set("on first key");
        explore.captureProperty().subscribe(this::show);
        explore.brushedHeads()
                .addListener(
                        (SetChangeListener<HeadRef>)
                                change -> {
                                    grid.marked().retainAll(explore.brushedHeads());
                                    grid.marked().addAll(explore.brushedHeads());
                                });
        explore.viewProperty()
                .subscribe(view -> {
                    grid.colorMapProperty().set(view.colorMap());
                    if (explore.captureProperty().get() != null) {
                        grid.selectedHeadProperty().set(view.head());
                    }
                });
        grid.selectedHeadProperty()
                .addListener((property, old, now) -> {
                    if (now != null && !now.equals(explore.viewProperty().get().head())) {
                        explore.selectHead(now);
                    }
                });
        grid.hoveredHeadProperty().addListener((property, old, now) -> explore.hoverHead(now));
        inspector
                .receivedProperty()
                .subscribe(scores -> {
                    grid.scores().keySet().retainAll(scores.keySet());
                    grid.scores().putAll(scores);
                });
    }

    private void show(@Nullable Capture capture) {
        grid.sourceProperty().set(null);
        grid.rows().clear();
        if (capture != null) {
            grid.rows().setAll(capture.sites().stream().map(HeadsPane::row).toList());
            grid.selectedHeadProperty().set(explore.viewProperty().get().head());
            ThumbnailSource source = head -> explore.thumbnail(capture, head);
            grid.sourceProperty().set(source);
        }
    }

    private static HeadRow row(SiteCapture site) {
        List<String> names =
                IntStream.range(0, site.heads().size()).mapToObj(site::headName).toList();
        return new HeadRow(
                "layer " + site.layer() + (site.kind() == SiteKind.CROSS ? " cross" : ""), names);
    }
}
