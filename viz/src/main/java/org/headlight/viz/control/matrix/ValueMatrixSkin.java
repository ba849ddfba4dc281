package org.headlight.viz.control.matrix;

import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.event.EventHandler;
import javafx.scene.control.SkinBase;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;

import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The canvas of a matrix, and what pointer and keys do to it. */
final class ValueMatrixSkin extends SkinBase<ValueMatrix> {
    private static final double CELL = 28;

    private final ValueMatrix matrix;
    private final MatrixCanvas canvas;
    private final InvalidationListener painted = o -> repaint();
    private final InvalidationListener recolored = o -> recolor();
    private final InvalidationListener changed = o -> change();
    private final EventHandler<KeyEvent> keys = this::key;

    ValueMatrixSkin(ValueMatrix matrix) {
        super(matrix);
        this.matrix = matrix;
        canvas = new MatrixCanvas(matrix);
        getChildren().add(canvas);
        painting().forEach(o -> o.addListener(painted));
        coloring().forEach(o -> o.addListener(recolored));
        matrix.valuesProperty().addListener(changed);
        matrix.addEventHandler(KeyEvent.KEY_PRESSED, keys);
        canvas.setOnMouseMoved(e -> matrix.hover(canvas.cells().at(e.getX(), e.getY())));
        canvas.setOnMouseExited(e -> matrix.hover(null));
        canvas.setOnMousePressed(e -> matrix.requestFocus());
        canvas.setOnMouseClicked(this::clicked);
        change();
    }

    private List<Observable> painting() {
        return List.of(
                matrix.scaleProperty(),
                matrix.numberedProperty(),
                matrix.selectedProperty(),
                matrix.hoveredProperty(),
                matrix.marked(),
                matrix.hoverTextProperty());
    }

    private List<Observable> coloring() {
        return List.of(matrix.colorMapProperty(), matrix.darkProperty());
    }

    @Override
    public void dispose() {
        painting().forEach(o -> o.removeListener(painted));
        coloring().forEach(o -> o.removeListener(recolored));
        matrix.valuesProperty().removeListener(changed);
        matrix.removeEventHandler(KeyEvent.KEY_PRESSED, keys);
        super.dispose();
    }

    private void change() {
        matrix.hover(null);
        matrix.requestLayout();
        repaint();
    }

    private void recolor() {
        canvas.recolor();
    }

    private void repaint() {
        canvas.repaint();
        matrix.setAccessibleText(spoken());
    }

    private String spoken() {
        ValueGrid grid = matrix.valuesProperty().get();
        MatrixCell cell = matrix.hoveredProperty().get();
        if (cell == null) {
            cell = matrix.selectedProperty().get();
        }
        if (cell == null || !matrix.has(cell)) {
            return grid.valueName()
                    + ": "
                    + grid.rows()
                    + " rows by "
                    + grid.columns()
                    + " columns, no cell selected";
        }
        boolean selected = cell.equals(matrix.selectedProperty().get());
        return matrix.describe(cell).replace("  ", ", ")
                + (selected ? ", selected" : "")
                + (matrix.marked().contains(cell) ? ", marked" : "");
    }

    private void clicked(MouseEvent e) {
        MatrixCell cell = canvas.cells().at(e.getX(), e.getY());
        if (e.getButton() != MouseButton.PRIMARY || cell == null) {
            return;
        }
        boolean modified = e.isShortcutDown() || e.isControlDown() || e.isShiftDown();
        if (modified && matrix.markingProperty().get()) {
            mark(cell);
        } else {
            matrix.selectedProperty().set(cell);
        }
    }

    private void mark(MatrixCell cell) {
        if (!matrix.marked().remove(cell)) {
            matrix.marked().add(cell);
        }
    }

    private void key(KeyEvent e) {
        if (e.isControlDown() || e.isAltDown() || e.isMetaDown()) {
            return;
        }
        MatrixCell hovered = matrix.hoveredProperty().get();
        switch (e.getCode()) {
            case UP -> move(-1, 0);
            case DOWN -> move(1, 0);
            case LEFT -> move(0, -1);
            case RIGHT -> move(0, 1);
            case HOME -> move(0, -matrix.valuesProperty().get().columns());
            case END -> move(0, matrix.valuesProperty().get().columns());
            case ENTER, SPACE -> {
                MatrixCell at = hovered == null ? matrix.selectedProperty().get() : hovered;
                if (at == null) {
                    return;
                }
                if (e.getCode() == KeyCode.SPACE && matrix.markingProperty().get()) {
                    mark(at);
                } else {
                    matrix.selectedProperty().set(at);
                }
            }
            default -> {
                if (e.getCode() != KeyCode.ESCAPE || hovered == null) {
                    return;
                }
                matrix.hover(null);
            }
        }
        e.consume();
    }

    private void move(int down, int right) {
        @Nullable MatrixCell from = matrix.hoveredProperty().get();
        if (from == null) {
            from = matrix.selectedProperty().get();
        }
        matrix.hover(canvas.cells().moved(from, down, right));
    }

    @Override
    protected double computePrefWidth(double h, double t, double r, double b, double l) {
        return l + 40 + CELL * Math.max(1, matrix.valuesProperty().get().columns()) + r;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + 120 + r;
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        double rows = Math.max(1, matrix.valuesProperty().get().rows());
        return t + MatrixCanvas.HEADING + CELL * rows + MatrixCanvas.KEY + b;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + MatrixCanvas.HEADING + 48 + MatrixCanvas.KEY + b;
    }

    @Override
    protected double computeMaxWidth(double h, double t, double r, double b, double l) {
        return Double.MAX_VALUE;
    }

    @Override
    protected double computeMaxHeight(double w, double t, double r, double b, double l) {
        return Double.MAX_VALUE;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        canvas.resizeRelocate(x, y, w, h);
        canvas.repaint();
    }
}
