package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.engine.task.Progress;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The measurements of the attention kernels against the runtime's, over fresh processes. */
final class KernelsTable {
    private static final String DENSE = "denseCpuSeconds";

    /** One process of measurements; gives the document that it prints. */
    interface Child {
        JsonObject json(List<String> arguments, Progress progress);
    }

    private final int forks;
    private final int heads;
    private final Child child;

    KernelsTable(int forks, int heads, Child child) {
        this.forks = forks;
        this.heads = heads;
        this.child = child;
    }

    /** Measures every width at every length. */
    JsonArray measure(List<Integer> dims, List<Integer> lengths, Progress progress) {
        JsonArray rows = new JsonArray();
        int done = 0;
        int all = dims.size() * lengths.size() * forks;
        for (int dim : dims) {
            for (int length : lengths) {
                List<JsonObject> runs = new ArrayList<>();
                String what = length + "," + dim + "," + heads;
                for (int fork = 0; fork < forks; fork++) {
                    progress.at(
                            (double) done++ / all,
                            length + " tokens, width " + dim + ", process " + (fork + 1));
                    runs.add(
                            child.json(
                                    List.of("bench", "kernels", "--child-kernels", what),
                                    progress));
                }
                rows.add(row(length, dim, runs));
            }
        }
        return rows;
    }

    private JsonObject row(int length, int dim, List<JsonObject> runs) {
        JsonObject row = new JsonObject();
        row.addProperty("tokens", length);
        row.addProperty("width", dim);
        row.addProperty("heads", heads);
        for (String key : runs.getFirst().keySet()) {
            row.addProperty(key, median(runs.stream().map(r -> value(r, key)).toList()));
        }
        row.addProperty("ratio", median(ratios(runs, "runtimeCpuSeconds", DENSE)));
        row.addProperty("wallRatio", median(ratios(runs, "runtimeSeconds", "denseSeconds")));
        row.addProperty("tenthRatio", median(ratios(runs, "runtimeCpuSeconds", "tenthCpuSeconds")));
        row.addProperty(
                "twentiethRatio", median(ratios(runs, "runtimeCpuSeconds", "twentiethCpuSeconds")));
        row.addProperty("scoring8Share", median(ratios(runs, "scoring8CpuSeconds", DENSE)));
        row.addProperty("scoring16Share", median(ratios(runs, "scoring16CpuSeconds", DENSE)));
        row.addProperty("share", median(ratios(runs, "densePerSecond", "peakPerSecond")));
        double worst = runs.stream().mapToDouble(r -> value(r, DENSE)).max().orElse(0);
        row.addProperty("worstFork", worst / value(row, DENSE));
        return row;
    }

    private static List<Double> ratios(List<JsonObject> runs, String above, String below) {
        return runs.stream().map(r -> value(r, above) / value(r, below)).toList();
    }

    private static double value(JsonObject run, String key) {
        return run.get(key).getAsDouble();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Prints the measurements for people. */
    void print(JsonArray rows, PrintStream out) {
        out.println(
                "Causal attention, "
                        + heads
                        + " heads; ms of processor time a call, medians of "
                        + forks
                        + " fresh processes (x: how many times as fast as GroupQueryAttention; S 8,"
                        + " S 16: scoring of XAttention in % of our dense):");
        Table table =
                new Table(
                        "width",
                        "tokens",
                        "GQA ms",
                        "dense ms",
                        "x",
                        "x wall",
                        "% of peak",
                        "10 % ms",
                        "x",
                        "5 % ms",
                        "x",
                        "S 8 %",
                        "S 16 %",
                        "worst fork");
        for (JsonElement element : rows) {
            JsonObject row = element.getAsJsonObject();
            table.row(
                    String.valueOf(row.get("width").getAsInt()),
                    String.format(Locale.ROOT, "%,d", row.get("tokens").getAsInt()),
                    Table.number(1e3 * value(row, "runtimeCpuSeconds")),
                    Table.number(1e3 * value(row, DENSE)),
                    two(value(row, "ratio")),
                    two(value(row, "wallRatio")),
                    Table.number(100 * value(row, "share")),
                    Table.number(1e3 * value(row, "tenthCpuSeconds")),
                    two(value(row, "tenthRatio")),
                    Table.number(1e3 * value(row, "twentiethCpuSeconds")),
                    two(value(row, "twentiethRatio")),
                    two(100 * value(row, "scoring8Share")),
                    two(100 * value(row, "scoring16Share")),
                    two(value(row, "worstFork")));
        }
        table.print(out);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
