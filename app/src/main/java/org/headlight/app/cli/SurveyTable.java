package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import java.util.Locale;

/** What the survey of every head costs, as a table. */
final class SurveyTable {
    private SurveyTable() {}

    /** A row for each length. */
    static Table of(JsonArray rows) {
        Table table =
                new Table(
                        "tokens",
                        "plain s",
                        "survey s",
                        "ratio",
                        "plain CPU s",
                        "survey CPU s",
                        "ratio",
                        "peak MB");
        for (JsonElement element : rows) {
            JsonObject row = element.getAsJsonObject();
            table.row(
                    String.format(Locale.ROOT, "%,d", row.get("tokens").getAsInt()),
                    number(row, "plainSeconds"),
                    number(row, "surveySeconds"),
                    number(row, "ratio"),
                    number(row, "plainCpuSeconds"),
                    number(row, "surveyCpuSeconds"),
                    number(row, "cpuRatio"),
                    String.format(Locale.ROOT, "%,d", row.get("peakBytes").getAsLong() >> 20));
        }
        return table;
    }

    private static String number(JsonObject row, String key) {
        return Table.number(row.get(key).getAsDouble());
    }
}
