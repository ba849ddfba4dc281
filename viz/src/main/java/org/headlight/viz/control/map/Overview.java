package org.headlight.viz.control.map;

import javafx.scene.AccessibleRole;
import javafx.scene.image.ImageView;
import javafx.scene.layout.Region;

import org.headlight.viz.raster.MapViewport;
import org.jspecify.annotations.Nullable;

/** The whole map in a corner, with a frame around what is seen; drag it to look elsewhere. */
final class Overview extends Region {
    /** The longer side. */
    static final int SIDE = 120;

    private final ImageView picture = new ImageView();
    private final Region frame = new Region();
    private @Nullable Surface surface;
    private @Nullable MapViewport view;
    private double density = 1;
    private int rows = 1;
    private int cols = 1;

    Overview() {
        getStyleClass().add("heatmap-overview");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText("Overview of the whole map; drag to look elsewhere");
        frame.getStyleClass().add("heatmap-overview-frame");
        frame.setMouseTransparent(true);
        frame.setManaged(false);
        picture.setMouseTransparent(true);
        picture.setManaged(false);
        setManaged(false);
        setVisible(false);
        getChildren().addAll(picture, frame);
    }

    /** The view that paints the whole map in here. */
    static MapViewport whole(int rows, int cols, double density) {
        double side = SIDE * density;
        double cells = Math.max(rows, cols) / side;
        int width = (int) Math.clamp(Math.ceil(cols / cells), 1, side);
        int height = (int) Math.clamp(Math.ceil(rows / cells), 1, side);
        return new MapViewport(
                0, 0, Math.max(cells, 1.0 / MapViewport.MAX_MAGNIFICATION), width, height);
    }

    @Nullable Surface show(Frame painted, double scale) {
        Surface old = surface;
        surface = painted.surface();
        density = scale;
        painted.surface().publish();
        picture.setImage(painted.surface().image());
        picture.setFitWidth(painted.view().width() / scale);
        picture.setFitHeight(painted.view().height() / scale);
        return old;
    }

    /** Shows which part is seen; hides when that is all. */
    void show(MapViewport shown, int mapRows, int mapCols) {
        view = shown;
        rows = mapRows;
        cols = mapCols;
        double across = shown.width() * shown.cellsPerPixel();
        double down = shown.height() * shown.cellsPerPixel();
        setVisible(across < cols * 0.999 || down < rows * 0.999);
        if (isVisible()) {
            MapViewport whole = whole(rows, cols, density);
            double cells = whole.cellsPerPixel() * density;
            double width = whole.width() / density;
            double height = whole.height() / density;
            double left = Math.clamp(shown.col0() / cells, 0, width);
            double above = Math.clamp(shown.row0() / cells, 0, height);
            double right = Math.clamp((shown.col0() + across) / cells, 0, width);
            double below = Math.clamp((shown.row0() + down) / cells, 0, height);
            double w = Math.max(6, right - left);
            double h = Math.max(6, below - above);
            frame.resizeRelocate(
                    Math.rint((left + right - w) / 2), Math.rint((above + below - h) / 2), w, h);
            resize(width, height);
        }
    }

    /** The view with the place under a point of the overview in its centre. */
    @Nullable MapViewport recentred(double x, double y) {
        MapViewport now = view;
        if (now == null) {
            return null;
        }
        double cells = whole(rows, cols, density).cellsPerPixel() * density;
        return now.centerOn(y * cells, x * cells).clamp(rows, cols);
    }
}
