package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import java.util.Locale;

/** What is measured of a model in pieces and of responses, for people. */
final class PiecesTables {
    private PiecesTables() {}

    /** A model in pieces against the whole. */
    static Table pieces(JsonArray rows) {
        Table table =
                new Table(
                        "tokens",
                        "cut ms",
                        "whole ms",
                        "ratio",
                        "cut CPU ms",
                        "whole CPU ms",
                        "ratio",
                        "capture s",
                        "peak MB");
        for (JsonElement element : rows) {
            JsonObject row = element.getAsJsonObject();
            table.row(
                    String.format(Locale.ROOT, "%,d", row.get("tokens").getAsInt()),
                    known(row, "cutMillis"),
                    known(row, "wholeMillis"),
                    known(row, "ratio"),
                    known(row, "cutCpuMillis"),
                    known(row, "wholeCpuMillis"),
                    known(row, "cpuRatio"),
                    known(row, "captureSeconds"),
                    String.format(Locale.ROOT, "%,d", row.get("peakBytes").getAsLong() >> 20));
        }
        return table;
    }

    /** Steps of a response. */
    static Table steps(JsonArray rows) {
        Table table =
                new Table(
                        "tokens before",
                        "step ms",
                        "CPU ms",
                        "plain ms",
                        "plain CPU ms",
                        "prompt s",
                        "process MB");
        for (JsonElement element : rows) {
            JsonObject row = element.getAsJsonObject();
            table.row(
                    String.format(Locale.ROOT, "%,d", row.get("tokens").getAsInt()),
                    Table.number(row.get("stepMillis").getAsDouble()),
                    Table.number(row.get("stepCpuMillis").getAsDouble()),
                    Table.number(row.get("plainMillis").getAsDouble()),
                    Table.number(row.get("plainCpuMillis").getAsDouble()),
                    Table.number(row.get("promptSeconds").getAsDouble()),
                    String.format(Locale.ROOT, "%,d", row.get("rssBytes").getAsLong() >> 20));
        }
        return table;
    }

    private static String known(JsonObject row, String key) {
        return row.has(key) ? Table.number(row.get(key).getAsDouble()) : "";
    }
}
