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
    private final BlockLayer blocks = new BlockLayer();
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

    private Margins margins = Margins.EMPTY;
    private @Nullable Frame shown;
    private @Nullable AttentionMap fittedMap;
    private @Nullable RenderRequest asked;
    private @Nullable RenderRequest overviewAsked;
    private @Nullable Palette palette;
    private @Nullable ColorMap paletteOf;
    private boolean paletteDark;
    private boolean paletteSigned;
    private String badge = "";
    private boolean telling;

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
                        plot,
                        pictures,
                        blocks,
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
                view.signedProperty(),
                view.darkProperty(),
                view.droppedKeysProperty(),
                view.responseFromProperty(),
                view.overlayProperty(),
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
        return l + Margins.LARGEST.left() + 480 + r;
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        return t + Margins.LARGEST.top() + 480 + b;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + Margins.LARGEST.left() + 96 + r;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + Margins.LARGEST.top() + 96 + b;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        long start = System.nanoTime();
        AttentionMap map = view.mapProperty().get();
        Margins before = margins;
        margins = map == null ? before : marginsFor(map, w, h);
        place(x, y, w, h);
        MapViewport now = map == null ? null : settledView(map, before);
        if (map == null || now == null) {
            empty();
        } else {
            paint(map, now);
            showFrame(map, now);
            showMarks(map, now);
        }
        view.frameTimes().add(System.nanoTime() - start);
    }

    private Margins marginsFor(AttentionMap map, double w, double h) {
        AttentionMap before = fittedMap;
        MapViewport now = sameSize(before, map) ? view.viewportProperty().get() : null;
        boolean named =
                !tokens(view.queryTokensProperty().get(), map.rows()).isEmpty()
                        || !tokens(view.keyTokensProperty().get(), map.cols()).isEmpty();
        return Margins.of(map, now, named, w, h, density(), queries.digit());
    }

    private static boolean sameSize(@Nullable AttentionMap before, AttentionMap map) {
        return before == null || (before.rows() == map.rows() && before.cols() == map.cols());
    }

    private void place(double x, double y, double w, double h) {
        double left = Math.rint(x + margins.left());
        double top = Math.rint(y + margins.top());
        double width = Math.max(0, Math.floor(x + w - left - Margins.EDGE));
        double height = Math.max(0, Math.floor(y + h - top - Margins.EDGE));
        plot.resizeRelocate(left, top, width, height);
        queries.resizeRelocate(x + Margins.TITLE, top, left - x - Margins.TITLE, height);
        keys.resizeRelocate(left, y + Margins.TITLE, width, top - y - Margins.TITLE);
        keyTitle.autosize();
        keyTitle.relocate(left, y);
        queryTitle.autosize();
        double rotated = queryTitle.getWidth();
        queryTitle.relocate(
                Math.rint(x + Margins.TITLE / 2 - rotated / 2),
                Math.rint(top + rotated / 2 - queryTitle.getHeight() / 2));
        pictures.resizeRelocate(left, top, width, height);
        clip.setWidth(width);
        clip.setHeight(height);
        blocks.resizeRelocate(left, top, width, height);
        marks.resizeRelocate(left, top, width, height);
    }

    private void empty() {
        tell("");
        forgetPicture();
        blocks.hide();
        marks.hide();
        card.setVisible(false);
        overview.setVisible(false);
        queries.show(MapViewport.fit(1, 1, 1, 1), 1, 0, List.of(), false);
        keys.show(MapViewport.fit(1, 1, 1, 1), 1, 0, List.of(), false);
        queries.paintNow();
        keys.paintNow();
    }

    /** The picture of a map that has gone stands for no other one. */
    private void forgetPicture() {
        picture.setImage(null);
        asked = null;
        for (Frame old : new Frame[] {shown, painted.getAndSet(null)}) {
            if (old != null) {
                renderer.recycle(old.surface());
            }
        }
        shown = null;
    }

    /**
     * Tells what kind of picture is shown, after the layout: a label that has been laid out already
     * would not be laid out again for what is told within it.
     */
    private void tell(String text) {
        badge = text;
        if (!telling && !text.equals(view.badgeProperty().get())) {
            telling = true;
            Platform.runLater(() -> {
                telling = false;
                view.setBadge(badge);
            });
        }
    }

    /**
     * The view for the map and the size that the control has now. Where only the margins have
     * changed, every cell stays where it is on the screen.
     */
    private @Nullable MapViewport settledView(AttentionMap map, Margins before) {
        double scale = density();
        int width = (int) Math.round(plot.getWidth() * scale);
        int height = (int) Math.round(plot.getHeight() * scale);
        if (width < 1 || height < 1) {
            return null;
        }
        MapViewport now = view.viewportProperty().get();
        boolean same = sameSize(fittedMap, map);
        fittedMap = map;
        MapViewport next;
        if (now == null || !same || now.equals(now.fit(map.rows(), map.cols()))) {
            next = MapViewport.fit(map.rows(), map.cols(), width, height);
        } else if (now.width() == width && now.height() == height) {
            return now;
        } else if (before.equals(margins)) {
            next = now.resized(width, height).clamp(map.rows(), map.cols());
        } else {
            next =
                    new MapViewport(now.col0(), now.row0(), now.cellsPerPixel(), width, height)
                            .pan(
                                    (before.left() - margins.left()) * scale,
                                    (before.top() - margins.top()) * scale)
                            .clamp(map.rows(), map.cols());
        }
        if (!next.equals(now)) {
            view.viewportProperty().set(next);
        }
        return next;
    }

    private Palette palette() {
        ColorMap colors = view.colorMapProperty().get();
        boolean dark = view.darkProperty().get();
        boolean signed = view.signedProperty().get();
        Palette now = palette;
        boolean other = paletteOf != colors || paletteDark != dark || paletteSigned != signed;
        if (now == null || other) {
            now = signed ? Palette.signed(dark) : colors.palette(dark);
            paletteSigned = signed;
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
            tell(
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
        blocks.show(view.overlayProperty().get(), now, scale, map, palette());
        marks.show(now, scale, locked, hovered);
        marks.part(now, scale, Math.min(view.responseFromProperty().get(), map.rows() - 1));
        boolean labelled = margins.labelled();
        queries.show(
                now,
                scale,
                map.rows(),
                tokens(view.queryTokensProperty().get(), map.rows()),
                labelled);
        keys.show(
                now,
                scale,
                map.cols(),
                tokens(view.keyTokensProperty().get(), map.cols()),
                labelled);
        Cell looked = hovered != null ? hovered : locked;
        queries.mark(looked == null ? List.of() : List.of(looked.row()));
        keys.mark(looked == null ? List.of() : List.of(looked.col()));
        queries.paintNow();
        keys.paintNow();
        overview.show(now, map.rows(), map.cols());
        overview.relocate(
                plot.getLayoutX() + plot.getWidth() - overview.getWidth() - Margins.EDGE,
                plot.getLayoutY() + Margins.EDGE);
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
