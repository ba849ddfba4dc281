package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long blocks take after a change of a control, as a table. */
final class RedrawBench {
    /** The option by which a process of its own is asked to measure. */
    static final String CHILD = "--child-redraw";

    /** Names of columns and keys of what is measured. */
    private static final List<List<String>> COLUMNS =
            List.of(
                    List.of("threshold ms", "thresholdMillis"),
                    List.of("rule", "ruleMillis"),
                    List.of("stride 4", "stride4Millis"),
                    List.of("8", "stride8Millis"),
                    List.of("16", "stride16Millis"),
                    List.of("block 32", "block32Millis"),
                    List.of("64", "block64Millis"),
                    List.of("128", "block128Millis"),
                    List.of("variant", "variantMillis"));

    @Option(names = CHILD, hidden = true)
    private int child;

    /** Tokens that this process is to measure; 0 for none. */
    int child() {
        return child;
    }

    /** A row for each length. */
    static Table table(JsonArray rows) {
        List<String> heads = new ArrayList<>(List.of("tokens"));
        COLUMNS.forEach(column -> heads.add(column.getFirst()));
        Table table = new Table(heads.toArray(String[]::new));
        for (JsonElement element : rows) {
            JsonObject row = element.getAsJsonObject();
            List<String> cells = new ArrayList<>();
            cells.add(String.format(Locale.ROOT, "%,d", row.get("tokens").getAsInt()));
            for (List<String> column : COLUMNS) {
                cells.add(Table.number(row.get(column.getLast()).getAsDouble()));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }
}
