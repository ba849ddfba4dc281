package org.headlight.viz.control.matrix;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

import org.headlight.viz.control.Painted;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** Paints the cells, their labels, the colour key and what is said about the hovered cell. */
final class MatrixCanvas extends Painted {
    static final double HEADING = 18;
    static final double KEY = 28;

    /** A line for what the values are, where that has no room beside the colours. */
    private static final double NAME = 16;

    private static final double GAP = 6;
    private static final double BAR = 120;
    private static final double LEAST_BAR = 48;
    private static final double TAG = 18;

    private final ValueMatrix matrix;
    private TextWidth text = new TextWidth(font());
    private @Nullable Palette palette;

    MatrixCanvas(ValueMatrix matrix) {
        super("value-matrix-canvas");
        this.matrix = matrix;
    }

    void recolor() {
        palette = null;
        repaint();
    }

    private Palette palette() {
        Palette now = palette;
        if (now == null) {
            now = matrix.colorMapProperty().get().palette(matrix.darkProperty().get());
            palette = now;
        }
        return now;
    }

    /** Where the cells are in the present size. */
    MatrixLayout cells() {
        if (!text.font().equals(font())) {
            text = new TextWidth(font());
        }
        ValueGrid grid = matrix.valuesProperty().get();
        double left = labelWidth(grid);
        double width = getWidth() - left - 2;
        double height = getHeight() - HEADING - KEY - (beside(grid, getWidth()) ? 0 : NAME);
        return MatrixLayout.of(left, HEADING, width, height, grid.rows(), grid.columns());
    }

    /** Whether what the values are has room beside the shortest colour key. */
    private boolean beside(ValueGrid grid, double width) {
        Scale scale = matrix.scale();
        double numbers =
                text.of(NumberText.plain(scale.low())) + text.of(NumberText.plain(scale.high()));
        double rest = width - labelWidth(grid) - numbers - 4 * GAP - LEAST_BAR;
        return text.of(grid.valueName()) <= rest;
    }

    private double labelWidth(ValueGrid grid) {
        double widest = text.of(grid.rowAxis().title());
        for (String label : grid.rowAxis().labels()) {
            widest = Math.max(widest, text.of(label));
        }
        return Math.ceil(Math.min(widest, getWidth() / 3)) + GAP;
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        MatrixLayout at = cells();
        ValueGrid grid = matrix.valuesProperty().get();
        g.setTextBaseline(VPos.CENTER);
        if (grid.rows() == 0 || grid.columns() == 0) {
            return;
        }
        rowLabels(g, grid, at);
        columnLabels(g, grid, at, width);
        Scale scale = matrix.scale();
        for (int row = 0; row < at.rows(); row++) {
            for (int column = 0; column < at.columns(); column++) {
                cell(g, grid, scale, at, row, column);
            }
        }
        for (MatrixCell cell : matrix.marked()) {
            if (matrix.has(cell)) {
                mark(g, at, cell);
            }
        }
        outline(g, at, matrix.selectedProperty().get(), true);
        outline(g, at, matrix.hoveredProperty().get(), false);
        key(g, grid, scale, at, width);
        tag(g, at, width);
    }

    /** The cell whose labels stand out. */
    private @Nullable MatrixCell strong() {
        MatrixCell hovered = matrix.hoveredProperty().get();
        return hovered == null ? matrix.selectedProperty().get() : hovered;
    }

    private void rowLabels(GraphicsContext g, ValueGrid grid, MatrixLayout at) {
        MatrixCell strong = strong();
        g.setTextAlign(TextAlignment.RIGHT);
        g.setFill(muted());
        String title = text.fitted(grid.rowAxis().title(), at.left() - GAP);
        g.fillText(title, at.left() - GAP, HEADING / 2 - 1);
        List<String> rows = grid.rowAxis().labels();
        int every = Math.max(1, (int) Math.ceil(11 / at.cellHeight()));
        for (int row = 0; row < rows.size(); row++) {
            boolean here = strong != null && strong.row() == row;
            boolean near = strong != null && Math.abs(strong.row() - row) < every;
            if (here || (row % every == 0 && !near)) {
                g.setFill(here ? ink() : muted());
                String label = text.fitted(rows.get(row), at.left() - GAP);
                g.fillText(label, at.left() - GAP, at.y(row) + at.cellHeight() / 2);
            }
        }
    }

    private void columnLabels(GraphicsContext g, ValueGrid grid, MatrixLayout at, double width) {
        MatrixCell strong = strong();
        String title = grid.columnAxis().title();
        if (at.right() + GAP + text.of(title) <= width) {
            g.setTextAlign(TextAlignment.LEFT);
            g.setFill(muted());
            g.fillText(title, at.right() + GAP, HEADING / 2 - 1);
        }
        g.setTextAlign(TextAlignment.CENTER);
        List<String> columns = grid.columnAxis().labels();
        double widest = 1;
        for (String label : columns) {
            widest = Math.max(widest, text.of(label));
        }
        int step = Math.max(1, (int) Math.ceil((widest + 4) / at.cellWidth()));
        for (int column = 0; column < columns.size(); column++) {
            boolean here = strong != null && strong.column() == column;
            boolean near = strong != null && Math.abs(strong.column() - column) < step;
            if (here || (column % step == 0 && !near)) {
                g.setFill(here ? ink() : muted());
                g.fillText(columns.get(column), at.x(column) + at.cellWidth() / 2, HEADING / 2 - 1);
            }
        }
    }

    private void cell(
            GraphicsContext g, ValueGrid grid, Scale scale, MatrixLayout at, int row, int column) {
        double gap = Math.min(at.cellWidth(), at.cellHeight()) >= 8 ? 1 : 0;
        double x = at.x(column);
        double y = at.y(row);
        double w = at.cellWidth() - gap;
        double h = at.cellHeight() - gap;
        double value = grid.value(row, column);
        if (Double.isNaN(value)) {
            g.setFill(ground());
            g.fillRect(x, y, w, h);
            g.setStroke(line());
            g.setLineWidth(1);
            g.strokeLine(x + 1, y + h - 1, x + w - 1, y + 1);
            return;
        }
        int argb = palette().argb(scale.position((float) value));
        g.setFill(Color.rgb((argb >> 16) & 0xFF, (argb >> 8) & 0xFF, argb & 0xFF));
        g.fillRect(x, y, w, h);
        String number = matrix.numberedProperty().get() && h >= 13 ? fitting(value, w - 4) : "";
        if (!number.isEmpty()) {
            g.setFill(dark(argb) ? Color.WHITE : Color.BLACK);
            g.setTextAlign(TextAlignment.CENTER);
            g.fillText(number, x + w / 2, y + h / 2);
        }
    }

    /**
     * As many digits after the point as there is room for, at most two; empty where there is no
     * room for two digits alone.
     */
    private String fitting(double value, double room) {
        for (int digits = 2; digits >= 0 && text.of(".00") <= room; digits--) {
            String number = brief(value, digits);
            if (text.of(number) <= room) {
                return number;
            }
        }
        return "";
    }

    private static String brief(double value, int digits) {
        return Math.abs(value) < 100
                ? String.format(Locale.ROOT, "%." + digits + "f", value)
                        .replaceFirst("^(-?)0\\.", "$1.")
                : NumberText.count(Math.round(value));
    }

    private static boolean dark(int argb) {
        double light =
                0.299 * ((argb >> 16) & 0xFF)
                        + 0.587 * ((argb >> 8) & 0xFF)
                        + 0.114 * (argb & 0xFF);
        return light < 128;
    }

    private void mark(GraphicsContext g, MatrixLayout at, MatrixCell cell) {
        double size = Math.clamp(Math.min(at.cellWidth(), at.cellHeight()) / 4, 2, 7);
        double x = at.x(cell.column()) + at.cellWidth() - size - 3;
        double y = at.y(cell.row()) + 2;
        g.setFill(accentInk());
        g.fillOval(x - 1, y - 1, size + 2, size + 2);
        g.setFill(accent());
        g.fillOval(x, y, size, size);
    }

    private void outline(
            GraphicsContext g, MatrixLayout at, @Nullable MatrixCell cell, boolean selected) {
        if (cell == null || !matrix.has(cell)) {
            return;
        }
        double x = at.x(cell.column());
        double y = at.y(cell.row());
        double out = selected ? 1.5 : 0.5;
        g.setStroke(selected ? accent() : ink());
        g.setLineWidth(selected ? 3 : 1);
        g.strokeRect(x - out, y - out, at.cellWidth() - 1 + 2 * out, at.cellHeight() - 1 + 2 * out);
        g.setLineWidth(1);
    }

    /** What is shown, and which colours mean what. */
    private void key(
            GraphicsContext g, ValueGrid grid, Scale scale, MatrixLayout at, double width) {
        double y = at.bottom() + 8;
        double x = at.left();
        g.setTextAlign(TextAlignment.LEFT);
        g.setFill(muted());
        String low = NumberText.plain(scale.low());
        g.fillText(low, x, y + 6);
        x += text.of(low) + GAP;
        String high = NumberText.plain(scale.high());
        double room = width - x - text.of(high) - 3 * GAP;
        boolean beside = beside(grid, width);
        double name = beside ? text.of(grid.valueName()) : 0;
        double bar = Math.clamp(room - name, Math.min(room, LEAST_BAR), BAR);
        for (int i = 0; i < bar; i++) {
            int argb = palette().argb((float) (i / bar));
            g.setFill(Color.rgb((argb >> 16) & 0xFF, (argb >> 8) & 0xFF, argb & 0xFF));
            g.fillRect(x + i, y, 1.5, 11);
        }
        x += bar + GAP;
        g.setFill(muted());
        g.fillText(high, x, y + 6);
        x += text.of(high) + 2 * GAP;
        g.setFill(ink());
        if (beside) {
            g.fillText(grid.valueName(), x, y + 6);
        } else {
            g.fillText(text.fitted(grid.valueName(), width), 0, y + 6 + NAME);
        }
    }

    private void tag(GraphicsContext g, MatrixLayout at, double width) {
        MatrixCell cell = matrix.hoveredProperty().get();
        if (cell == null || !matrix.has(cell)) {
            return;
        }
        String words = text.fitted(matrix.describe(cell), width - 12);
        double wide = text.of(words) + 12;
        double middle = at.x(cell.column()) + at.cellWidth() / 2;
        double x = Math.clamp(middle - wide / 2, 0, Math.max(0, width - wide));
        double below = at.y(cell.row()) + at.cellHeight() + 3;
        double y = below + TAG <= getHeight() ? below : at.y(cell.row()) - TAG - 3;
        g.setFill(ink());
        g.fillRoundRect(x, y, wide, TAG, 6, 6);
        g.setFill(ground());
        g.setTextAlign(TextAlignment.CENTER);
        g.fillText(words, x + wide / 2, y + TAG / 2);
    }
}
