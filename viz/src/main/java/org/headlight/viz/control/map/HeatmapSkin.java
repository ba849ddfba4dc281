package org.headlight.viz.control.map;

import javafx.application.Platform;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.SkinBase;
import javafx.scene.image.ImageView;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import javafx.scene.transform.Affine;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.PaintStyle;
import org.headlight.viz.raster.Palette;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Lays a heatmap out and keeps its parts in step; all work of a frame happens in one layout. */
final class HeatmapSkin extends SkinBase<HeatmapView> {
    private static final double LEFT = 104;
    private static final double TOP = 88;
    private static final double TITLE = 16;
    private static final double EDGE = 8;
    private static final long TILE_BYTES = 96L << 20;
    private static final long OVERVIEW_BYTES = 4L << 20;

    private final HeatmapView view;
    private final Region plot = new Region();
    private final Pane pictures = new Pane();
    private final ImageView picture = new ImageView();
    private final Affine placing = new Affine();
    private final Rectangle clip = new Rectangle();
    private final Ruler queries = new Ruler(false);
    private final Ruler keys = new Ruler(true);
    private final Label queryTitle = new Label("\u2190 query (attends)");
    private final Label keyTitle = new Label("key (is attended to) \u2192");
    private final Label badge = new Label();
    private final CellMarks marks;
    private final HoverCard card = new HoverCard();
    private final Overview overview = new Overview();
    private final CellReader reader;
    private final HeatmapBehavior behavior;
    private final MapRenderer renderer;
    private final MapRenderer overviewRenderer;
    private final AtomicReference<@Nullable Frame> painted = new AtomicReference<>();
    private final AtomicReference<@Nullable Frame> overviewPainted = new AtomicReference<>();
    private final InvalidationListener changed = o -> getSkinnable().requestLayout();

    private @Nullable Frame shown;
    private @Nullable AttentionMap fittedMap;
    private @Nullable RenderRequest asked;
    private @Nullable RenderRequest overviewAsked;
    private @Nullable Palette palette;
    private @Nullable ColorMap paletteOf;
    private boolean paletteDark;

    HeatmapSkin(HeatmapView view) {
        super(view);
        this.view = view;
        Workers workers = new Workers();
        marks = new CellMarks();
        reader = new CellReader(workers.reader(), view::requestLayout);
        renderer = new MapRenderer(workers, TILE_BYTES, f -> arrived(f, painted, true));
        overviewRenderer =
                new MapRenderer(workers, OVERVIEW_BYTES, f -> arrived(f, overviewPainted, false));
        plot.getStyleClass().add("heatmap-plot");
        picture.getTransforms().add(placing);
        picture.setSmooth(false);
        picture.setMouseTransparent(true);
        queryTitle.getStyleClass().add("heatmap-title");
        queryTitle.setRotate(-90);
        keyTitle.getStyleClass().add("heatmap-title");
        badge.getStyleClass().add("heatmap-badge");
        badge.textProperty().bind(view.badgeProperty());
        picture.setManaged(false);
        pictures.getChildren().add(picture);
        pictures.setClip(clip);
        pictures.setMouseTransparent(true);
        pictures.setManaged(false);
        getChildren()
                .addAll(
                        queries,
                        keys,
                        queryTitle,
                        keyTitle,
                        badge,
                        plot,
                        pictures,
                        marks,
                        overview,
                        card);
        behavior = new HeatmapBehavior(view, plot, this::density);
        overview.setOnMousePressed(e -> recentre(e.getX(), e.getY()));
        overview.setOnMouseDragged(e -> recentre(e.getX(), e.getY()));
        watched().forEach(property -> property.addListener(changed));
    }

    private List<Observable> watched() {
        return List.of(
                view.mapProperty(),
                view.queryTokensProperty(),
                view.keyTokensProperty(),
                view.poolingProperty(),
                view.scaleProperty(),
                view.colorMapProperty(),
                view.darkProperty(),
                view.droppedKeysProperty(),
                view.selectedCellProperty(),
                view.hoveredCellProperty(),
                view.viewportProperty(),
                view.refreshes());
    }

    @Override
    public void dispose() {
        behavior.dispose();
        renderer.close();
        overviewRenderer.close();
        reader.close();
        watched().forEach(property -> property.removeListener(changed));
        super.dispose();
    }

    private void recentre(double x, double y) {
        MapViewport to = overview.recentred(x, y);
        if (to != null) {
            view.viewportProperty().set(to);
        }
    }

    /** Takes a picture from the painter: the newest counts, one layout shows it. */
    private void arrived(Frame frame, AtomicReference<@Nullable Frame> slot, boolean main) {
        Frame unseen = slot.getAndSet(frame);
        if (unseen == null) {
            Platform.runLater(view::requestLayout);
        } else {
            (main ? renderer : overviewRenderer).recycle(unseen.surface());
        }
    }

    private double density() {
        Scene scene = view.getScene();
        double output =
                scene == null || scene.getWindow() == null
                        ? 1
                        : scene.getWindow().getOutputScaleX();
        return Surface.density(plot.getWidth(), plot.getHeight(), output);
    }

    @Override
    protected double computePrefWidth(double h, double t, double r, double b, double l) {
        return l + LEFT + 480 + r;
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        return t + TOP + 480 + b;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + LEFT + 96 + r;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + TOP + 96 + b;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        long start = System.nanoTime();
        place(x, y, w, h);
        AttentionMap map = view.mapProperty().get();
        MapViewport now = map == null ? null : settledView(map);
        if (map == null || now == null) {
            empty();
        } else {
            paint(map, now);
            showFrame(map, now);
            showMarks(map, now);
        }
        view.frameTimes().add(System.nanoTime() - start);
    }

    private void place(double x, double y, double w, double h) {
        double left = Math.rint(x + LEFT);
        double top = Math.rint(y + TOP);
        double width = Math.max(0, Math.floor(x + w - left - EDGE));
        double height = Math.max(0, Math.floor(y + h - top - EDGE));
        plot.resizeRelocate(left, top, width, height);
        queries.resizeRelocate(x + TITLE, top, LEFT - TITLE, height);
        keys.resizeRelocate(left, y + TITLE, width, TOP - TITLE);
        keyTitle.autosize();
        keyTitle.relocate(left, y);
        queryTitle.autosize();
        double rotated = queryTitle.getWidth();
        queryTitle.relocate(
                Math.rint(x + TITLE / 2 - rotated / 2),
                Math.rint(top + rotated / 2 - queryTitle.getHeight() / 2));
        badge.resizeRelocate(x, y + TOP - 36, LEFT - 8, 32);
        pictures.resizeRelocate(left, top, width, height);
        clip.setWidth(width);
        clip.setHeight(height);
        marks.resizeRelocate(left, top, width, height);
    }

    private void empty() {
        view.setBadge("");
        picture.setImage(null);
        marks.hide();
        card.setVisible(false);
        overview.setVisible(false);
        queries.show(MapViewport.fit(1, 1, 1, 1), 1, 0, List.of());
        keys.show(MapViewport.fit(1, 1, 1, 1), 1, 0, List.of());
        queries.paintNow();
        keys.paintNow();
    }

    /** The view for the map and the size that the control has now. */
    private @Nullable MapViewport settledView(AttentionMap map) {
        double scale = density();
        int width = (int) Math.round(plot.getWidth() * scale);
        int height = (int) Math.round(plot.getHeight() * scale);
        if (width < 1 || height < 1) {
            return null;
        }
        MapViewport now = view.viewportProperty().get();
        AttentionMap before = fittedMap;
        boolean sameSize =
                before != null && before.rows() == map.rows() && before.cols() == map.cols();
        fittedMap = map;
        MapViewport next;
        if (now == null || (before != null && !sameSize)) {
            next = MapViewport.fit(map.rows(), map.cols(), width, height);
        } else if (now.width() == width && now.height() == height) {
            return now;
        } else if (now.equals(now.fit(map.rows(), map.cols()))) {
            next = MapViewport.fit(map.rows(), map.cols(), width, height);
        } else {
            next = now.resized(width, height).clamp(map.rows(), map.cols());
        }
        view.viewportProperty().set(next);
        return next;
    }

    private Palette palette() {
        ColorMap colors = view.colorMapProperty().get();
        boolean dark = view.darkProperty().get();
        Palette now = palette;
        if (now == null || paletteOf != colors || paletteDark != dark) {
            now = colors.palette(dark);
            palette = now;
            paletteOf = colors;
            paletteDark = dark;
        }
        return now;
    }

    private void paint(AttentionMap map, MapViewport now) {
        PaintStyle style =
                new PaintStyle(
                        view.poolingProperty().get(),
                        view.scaleProperty().get(),
                        palette(),
                        view.droppedKeysProperty().get());
        int refresh = view.refreshes().get();
        RenderRequest request = new RenderRequest(map, refresh, now, style);
        if (!request.equals(asked)) {
            asked = request;
            renderer.show(request);
        }
        MapViewport whole = Overview.whole(map.rows(), map.cols(), density());
        RenderRequest small = new RenderRequest(map, refresh, whole, style);
        if (!small.equals(overviewAsked)) {
            overviewAsked = small;
            overviewRenderer.show(small);
        }
    }

    private void showFrame(AttentionMap map, MapViewport now) {
        Frame fresh = painted.getAndSet(null);
        Frame before = shown;
        if (fresh != null) {
            fresh.surface().publish();
            picture.setImage(fresh.surface().image());
            shown = fresh;
            if (before != null) {
                renderer.recycle(before.surface());
            }
        }
        Frame frame = shown;
        if (frame != null) {
            if (picture.getImage() == null) {
                picture.setImage(frame.surface().image());
            }
            double scale = density();
            double zoom = frame.view().cellsPerPixel() / now.cellsPerPixel();
            placing.setMxx(zoom / scale);
            placing.setMyy(zoom / scale);
            placing.setTx((frame.view().col0() - now.col0()) / now.cellsPerPixel() / scale);
            placing.setTy((frame.view().row0() - now.row0()) / now.cellsPerPixel() / scale);
            if (frame.view().equals(now)) {
                placing.setTx(0);
                placing.setTy(0);
            }
            view.setBadge(
                    BadgeText.of(
                            frame.view(),
                            view.poolingProperty().get(),
                            !frame.painting().complete() || map.preview()));
        }
        Frame small = overviewPainted.getAndSet(null);
        if (small != null) {
            Surface old = overview.show(small, density());
            if (old != null) {
                overviewRenderer.recycle(old);
            }
        }
    }

    private void showMarks(AttentionMap map, MapViewport now) {
        double scale = density();
        Cell locked = inside(view.selectedCellProperty().get(), map);
        Cell hovered = inside(view.hoveredCellProperty().get(), map);
        marks.show(now, scale, locked, hovered);
        queries.show(now, scale, map.rows(), tokens(view.queryTokensProperty().get(), map.rows()));
        keys.show(now, scale, map.cols(), tokens(view.keyTokensProperty().get(), map.cols()));
        Cell looked = hovered != null ? hovered : locked;
        queries.mark(looked == null ? List.of() : List.of(looked.row()));
        keys.mark(looked == null ? List.of() : List.of(looked.col()));
        queries.paintNow();
        keys.paintNow();
        overview.show(now, map.rows(), map.cols());
        overview.relocate(
                plot.getLayoutX() + plot.getWidth() - overview.getWidth() - EDGE,
                plot.getLayoutY() + EDGE);
        showCard(map, now, looked);
    }

    private static <T> List<T> tokens(List<T> tokens, int count) {
        return tokens.size() == count ? tokens : List.of();
    }

    private static @Nullable Cell inside(@Nullable Cell cell, AttentionMap map) {
        boolean in = cell != null && cell.row() < map.rows() && cell.col() < map.cols();
        return in ? cell : null;
    }

    private void showCard(AttentionMap map, MapViewport now, @Nullable Cell looked) {
        CellText text = null;
        if (looked != null) {
            var reading = reader.read(map, view.refreshes().get(), looked);
            if (reading != null) {
                text =
                        CellText.of(
                                reading,
                                tokens(view.queryTokensProperty().get(), map.rows()),
                                tokens(view.keyTokensProperty().get(), map.cols()));
                card.show(text, reading.masked());
                view.setAccessibleText(text.spoken());
            }
        }
        if (looked == null || text == null) {
            if (looked == null) {
                card.setVisible(false);
                view.setAccessibleText("Attention map");
            }
            return;
        }
        double scale = density();
        double half = 0.5 / now.cellsPerPixel() / scale;
        double x = plot.getLayoutX() + now.xOf(looked.col()) / scale + half;
        double y = plot.getLayoutY() + now.yOf(looked.row()) / scale + half;
        boolean seen = plot.getBoundsInParent().contains(x, y);
        card.setVisible(seen);
        card.placeBeside(x, y, view.getWidth(), view.getHeight());
    }
}
