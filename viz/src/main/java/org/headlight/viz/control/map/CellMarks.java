package org.headlight.viz.control.map;

import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;

import org.headlight.viz.raster.MapViewport;
import org.jspecify.annotations.Nullable;

/** The lines through the cell that is looked at and the frame of the locked one. */
final class CellMarks extends Pane {
    private static final double MARGIN = 2;

    private final Region row = mark("heatmap-crosshair");
    private final Region column = mark("heatmap-crosshair");
    private final Region lockedRow = mark("heatmap-locked-line");
    private final Region lockedColumn = mark("heatmap-locked-line");
    private final Region lockedCell = mark("heatmap-locked-cell");
    private final Region partRow = mark("heatmap-part");
    private final Region partColumn = mark("heatmap-part");
    private final Rectangle clip = new Rectangle();

    CellMarks() {
        getStyleClass().add("heatmap-marks");
        setMouseTransparent(true);
        setManaged(false);
        clip.widthProperty().bind(widthProperty());
        clip.heightProperty().bind(heightProperty());
        setClip(clip);
        getChildren().addAll(partRow, partColumn, lockedRow, lockedColumn, row, column, lockedCell);
    }

    private static Region mark(String styleClass) {
        Region region = new Region();
        region.getStyleClass().add(styleClass);
        region.setManaged(false);
        region.setVisible(false);
        return region;
    }

    void hide() {
        getChildren().forEach(child -> child.setVisible(false));
    }

    void show(MapViewport view, double density, @Nullable Cell locked, @Nullable Cell hovered) {
        boolean both = hovered != null && !hovered.equals(locked);
        lines(view, density, both ? hovered : null, row, column);
        lines(view, density, locked, lockedRow, lockedColumn);
        lockedCell.setVisible(locked != null);
        if (locked != null) {
            double size = size(view, density);
            lockedCell.resizeRelocate(
                    view.xOf(locked.col()) / density - MARGIN,
                    view.yOf(locked.row()) / density - MARGIN,
                    size + 2 * MARGIN,
                    size + 2 * MARGIN);
        }
    }

    /** Lines before a row and a column; none for 0 or less. */
    void part(MapViewport view, double density, int at) {
        partRow.setVisible(at > 0);
        partColumn.setVisible(at > 0);
        if (at > 0) {
            double x = Math.round(view.xOf(at) / density) - 1.0;
            double y = Math.round(view.yOf(at) / density) - 1.0;
            partRow.resizeRelocate(-MARGIN, y, getWidth() + 2 * MARGIN, 2);
            partColumn.resizeRelocate(x, -MARGIN, 2, getHeight() + 2 * MARGIN);
        }
    }

    private static double size(MapViewport view, double density) {
        return Math.max(1, 1 / view.cellsPerPixel() / density);
    }

    private void lines(
            MapViewport view, double density, @Nullable Cell cell, Region across, Region down) {
        across.setVisible(cell != null);
        down.setVisible(cell != null);
        if (cell != null) {
            double size = size(view, density) + 2 * MARGIN;
            double x = Math.floor(view.xOf(cell.col()) / density) - MARGIN;
            double y = Math.floor(view.yOf(cell.row()) / density) - MARGIN;
            across.resizeRelocate(-MARGIN, y, getWidth() + 2 * MARGIN, size);
            down.resizeRelocate(x, -MARGIN, size, getHeight() + 2 * MARGIN);
        }
    }
}
