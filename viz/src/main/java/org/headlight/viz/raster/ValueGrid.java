package org.headlight.viz.raster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/**
 * A small labelled table of numbers to be shown in colours, such as layers x heads or length x
 * depth. NaN is no value. Immutable.
 */
public final class ValueGrid {
    /** No rows and no columns. */
    public static final ValueGrid EMPTY =
            of(new Axis("", List.of()), new Axis("", List.of()), "", new double[0][0]);

    private final Axis rows;
    private final Axis columns;
    private final String valueName;
    private final BinaryOperator<String> naming;
    private final double[] values;

    private ValueGrid(
            Axis rows,
            Axis columns,
            String valueName,
            BinaryOperator<String> naming,
            double[] values) {
        this.rows = rows;
        this.columns = columns;
        this.valueName = valueName;
        this.naming = naming;
        this.values = values;
    }

    /**
     * One side of the table.
     *
     * @param title what it counts, for people, such as "layer" or "depth"
     * @param labels one for each row or column, such as "L3" or "50 %"
     */
    public record Axis(String title, List<String> labels) {
        public Axis {
            labels = List.copyOf(labels);
        }
    }

    /**
     * A table; its cells are named such as "length 512, depth 50 %".
     *
     * @param valueName what the values are, for people, such as "recall"
     * @param values [rows, columns]; a row that is too short has no value at its end
     */
    public static ValueGrid of(Axis rows, Axis columns, String valueName, double[][] values) {
        BinaryOperator<String> naming =
                (row, column) ->
                        (rows.title() + " " + row + ", " + columns.title() + " " + column).strip();
        return new ValueGrid(rows, columns, valueName, naming, flat(rows, columns, values));
    }

    /**
     * Layers by heads; cells are named such as "L3H5".
     *
     * @param layers the labels of the layers, such as "L0", "L1"
     * @param values [layers, heads of the layer]
     */
    public static ValueGrid heads(List<String> layers, String valueName, double[][] values) {
        int widest = 0;
        for (double[] row : values) {
            widest = Math.max(widest, row.length);
        }
        Axis rows = new Axis("layer", layers);
        Axis columns =
                new Axis("head", IntStream.range(0, widest).mapToObj(head -> "H" + head).toList());
        return new ValueGrid(
                rows, columns, valueName, (l, h) -> l + h, flat(rows, columns, values));
    }

    private static double[] flat(Axis rows, Axis columns, double[][] values) {
        int height = rows.labels().size();
        int width = columns.labels().size();
        if (values.length != height) {
            throw new IllegalArgumentException(
                    values.length + " rows of values for " + height + " labels");
        }
        double[] flat = new double[height * width];
        for (int r = 0; r < height; r++) {
            if (values[r].length > width) {
                throw new IllegalArgumentException(
                        values[r].length + " values for " + width + " labels in row " + r);
            }
            for (int c = 0; c < width; c++) {
                flat[r * width + c] = c < values[r].length ? values[r][c] : Double.NaN;
            }
        }
        return flat;
    }

    public int rows() {
        return rows.labels().size();
    }

    public int columns() {
        return columns.labels().size();
    }

    public Axis rowAxis() {
        return rows;
    }

    public Axis columnAxis() {
        return columns;
    }

    /** What the values are, for people. */
    public String valueName() {
        return valueName;
    }

    /** The value of a cell; NaN for none. */
    public double value(int row, int column) {
        return values[row * columns() + column];
    }

    /** The name of a cell, such as "L3H5" or "length 512, depth 50 %". */
    public String name(int row, int column) {
        return naming.apply(rows.labels().get(row), columns.labels().get(column));
    }

    /** The value of a cell as people read it. */
    public String text(int row, int column) {
        double value = value(row, column);
        return Double.isNaN(value) ? "no value" : NumberText.plain(value);
    }

    /** A linear scale from 0 (or the smallest value, when one is below 0) to the largest value. */
    public Scale linear() {
        double low = 0;
        double high = 0;
        for (double value : values) {
            if (!Double.isNaN(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return new Scale(Scale.Kind.LINEAR, (float) low, (float) (high > low ? high : low + 1));
    }

    /** The table as comma-separated values: a line of column labels, then a line for each row. */
    public String csv() {
        StringBuilder text = new StringBuilder(quoted(rows.title() + "/" + columns.title()));
        for (String label : columns.labels()) {
            text.append(',').append(quoted(label));
        }
        text.append('\n');
        for (int r = 0; r < rows(); r++) {
            List<String> cells = new ArrayList<>();
            for (int c = 0; c < columns(); c++) {
                double value = value(r, c);
                cells.add(Double.isNaN(value) ? "" : Double.toString(value));
            }
            text.append(quoted(rows.labels().get(r)));
            cells.forEach(cell -> text.append(',').append(cell));
            text.append('\n');
        }
        return text.toString();
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
