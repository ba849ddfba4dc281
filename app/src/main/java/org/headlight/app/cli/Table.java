package org.headlight.app.cli;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** A table for people: text to the left, numbers to the right. */
final class Table {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        this.header = List.of(header);
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    void print(PrintStream out) {
        int[] widths = header.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        out.println(line(header, widths).stripTrailing());
        out.println("-".repeat(line(header, widths).length()));
        rows.forEach(row -> out.println(line(row, widths).stripTrailing()));
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String cell = cells.get(c);
            String space = " ".repeat(widths[c] - cell.length());
            line.append(c == 0 ? "" : "  ").append(numeric(c) ? space + cell : cell + space);
        }
        return line.toString();
    }

    private boolean numeric(int column) {
        return !rows.isEmpty()
                && rows.stream().allMatch(r -> r.get(column).matches("[-+]?[0-9.,e-]+|[-\u2013]"));
    }

    /** Three significant digits; a dash when there is no value. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "\u2013";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
        boolean tiny = value != 0 && Math.abs(value) < 1e-3;
        return tiny ? rounded.toString().replace("E", "e") : rounded.toPlainString();
    }
}
