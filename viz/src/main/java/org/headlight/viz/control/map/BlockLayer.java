package org.headlight.viz.control.map;

import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Paint;

import org.headlight.viz.control.Painted;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.BlockOverlay;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.OverlayPainter;
import org.headlight.viz.raster.Palette;
import org.jspecify.annotations.Nullable;

/** The blocks over the map: values, veils, outlines and hatches. */
final class BlockLayer extends Painted {
    private record Shown(
            BlockOverlay overlay, MapViewport view, double density, int rows, int cols) {}

    private @Nullable Shown shown;
    private @Nullable Palette palette;

    BlockLayer() {
        super("heatmap-blocks");
        setMouseTransparent(true);
        setManaged(false);
    }

    /** Shows nothing. */
    void hide() {
        setVisible(false);
        shown = null;
    }

    /** Shows an overlay at its place; null hides the layer. */
    void show(
            @Nullable BlockOverlay overlay,
            MapViewport view,
            double density,
            AttentionMap map,
            Palette colors) {
        if (overlay == null) {
            hide();
            return;
        }
        setVisible(true);
        Shown now = new Shown(overlay, view, density, map.rows(), map.cols());
        if (!now.equals(shown) || !colors.equals(palette)) {
            shown = now;
            palette = colors;
            paintNow();
        }
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        Shown now = shown;
        Palette colors = palette;
        if (now == null || colors == null) {
            return;
        }
        double cell = 1 / now.view.cellsPerPixel() / now.density;
        OverlayPainter.Place place =
                new OverlayPainter.Place(
                        now.view.xOf(0) / now.density,
                        now.view.yOf(0) / now.density,
                        now.overlay.keysPerBlock() * cell,
                        now.overlay.queriesPerBlock() * cell,
                        now.view.xOf(now.cols) / now.density,
                        now.view.yOf(now.rows) / now.density,
                        width,
                        height);
        g.save();
        g.beginPath();
        g.rect(0, 0, place.right(), place.bottom());
        g.clip();
        new OverlayPainter(now.overlay, place, colors)
                .paint(new Pen(g, ground(), accent(), second()));
        g.restore();
    }

    /**
     * Draws on a canvas.
     *
     * @param halo lies under the outline
     * @param outline the outline of kept blocks
     * @param hatch the hatch of missed ones
     */
    private record Pen(GraphicsContext g, Paint halo, Paint outline, Paint hatch)
            implements OverlayPainter.Pen {

        @Override
        public void picture(
                int[] argb, int rows, int cols, double x, double y, double w, double h) {
            WritableImage image = new WritableImage(cols, rows);
            image.getPixelWriter()
                    .setPixels(0, 0, cols, rows, PixelFormat.getIntArgbInstance(), argb, 0, cols);
            g.setImageSmoothing(false);
            g.drawImage(image, x, y, w, h);
        }

        @Override
        public void outline(double x0, double y0, double x1, double y1) {
            g.setStroke(halo);
            g.setLineWidth(3);
            g.strokeLine(x0, y0, x1, y1);
            g.setStroke(outline);
            g.setLineWidth(1.25);
            g.strokeLine(x0, y0, x1, y1);
        }

        @Override
        public void hatch(double x0, double y0, double x1, double y1) {
            g.setStroke(hatch);
            g.setLineWidth(1);
            g.strokeLine(x0, y0, x1, y1);
        }
    }
}
