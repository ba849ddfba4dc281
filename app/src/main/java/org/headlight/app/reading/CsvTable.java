package org.headlight.app.reading;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table as comma-separated text (RFC 4180): a line of names, then a line for each row. */
public final class CsvTable {
    private final StringBuilder text = new StringBuilder();
    private final int columns;

    public CsvTable(String... names) {
        this.columns = names.length;
        line(List.of(names));
    }

    /**
     * Adds a row: numbers as they are, NaN as an empty field, all else as text.
     *
     * @throws IllegalArgumentException when there are not as many values as columns
     */
    public CsvTable row(Object... values) {
        if (values.length != columns) {
            throw new IllegalArgumentException(
                    values.length + " values for " + columns + " columns");
        }
        line(Stream.of(values).map(CsvTable::field).toList());
        return this;
    }

    private static String field(Object value) {
        boolean none =
                (value instanceof Double d && d.isNaN()) || (value instanceof Float f && f.isNaN());
        return none ? "" : value.toString();
    }

    private void line(List<String> fields) {
        text.append(fields.stream().map(CsvTable::quoted).collect(Collectors.joining(",")))
                .append('\n');
    }

    private static String quoted(String field) {
        boolean plain =
                field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    /** The whole table; every line ends in a newline. */
    public String text() {
        return text.toString();
    }
}
