package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.app.cli.bench.Fork;
import org.headlight.app.cli.bench.SparseRun;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The part of the command that measures sparse prefills: its own options, and what it prints. */
final class SparseBench {
    /** Tokens, where none are asked for. */
    static final List<Integer> LENGTHS = List.of(4096, 16384, 32768);

    @Option(names = "--child-sparse", hidden = true)
    private int child;

    void run(
            CommandContext context,
            CommonOptions common,
            @Nullable Path model,
            List<Integer> lengths) {
        if (child > 0) {
            Json.print(new SparseRun().run(model, child), context.out());
            return;
        }
        JsonArray rows = new JsonArray();
        try (CommandProgress progress = common.progress(context)) {
            for (int i = 0; i < lengths.size(); i++) {
                progress.at((double) i / lengths.size(), lengths.get(i) + " tokens");
                List<String> args =
                        new ArrayList<>(
                                List.of(
                                        "bench",
                                        "sparse",
                                        "--child-sparse",
                                        String.valueOf(lengths.get(i))));
                if (model != null) {
                    args.addAll(List.of("--model", model.toString()));
                }
                rows.add(new Fork().json(args, progress));
            }
            progress.clear();
        }
        if (common.json()) {
            JsonObject document = new JsonObject();
            document.add("sparse", rows);
            document.addProperty("processors", Runtime.getRuntime().availableProcessors());
            Json.print(document, context.out());
        } else {
            table(rows).print(context.out());
        }
    }

    private static Table table(JsonArray rows) {
        Table table =
                new Table(
                        "tokens",
                        "policy",
                        "density",
                        "select ms",
                        "attend ms",
                        "all ms",
                        "attention x dense",
                        "x runtime",
                        "all x dense",
                        "x runtime");
        for (JsonElement element : rows) {
            JsonObject row = element.getAsJsonObject();
            double attend = row.get("denseAttendMillis").getAsDouble();
            double rival = row.get("runtimeAttendMillis").getAsDouble();
            double whole = number(row, "runtimeMillis");
            double dense = row.get("denseMillis").getAsDouble();
            String tokens = String.format(Locale.ROOT, "%,d", row.get("tokens").getAsInt());
            line(table, tokens, "runtime", 1, new double[] {Double.NaN, rival, whole}, row);
            line(table, tokens, "dense", 1, new double[] {0, attend, dense}, row);
            for (JsonElement one : row.getAsJsonArray("policies")) {
                JsonObject policy = one.getAsJsonObject();
                line(
                        table,
                        tokens,
                        policy.get("policy").getAsString()
                                + " "
                                + policy.get("settings").getAsString(),
                        policy.get("density").getAsDouble(),
                        new double[] {
                            policy.get("selectMillis").getAsDouble(),
                            policy.get("attendMillis").getAsDouble(),
                            policy.get("totalMillis").getAsDouble()
                        },
                        row);
            }
        }
        return table;
    }

    /**
     * One contestant.
     *
     * @param millis selecting, attending, everything
     */
    private static void line(
            Table table,
            String tokens,
            String name,
            double density,
            double[] millis,
            JsonObject row) {
        double attention = (Double.isNaN(millis[0]) ? 0 : millis[0]) + millis[1];
        table.row(
                tokens,
                name,
                Table.number(density),
                Table.number(millis[0]),
                Table.number(millis[1]),
                Table.number(millis[2]),
                Table.number(row.get("denseAttendMillis").getAsDouble() / attention),
                Table.number(row.get("runtimeAttendMillis").getAsDouble() / attention),
                Table.number(row.get("denseMillis").getAsDouble() / millis[2]),
                Table.number(number(row, "runtimeMillis") / millis[2]));
    }

    private static double number(JsonObject row, String key) {
        return row.has(key) ? row.get(key).getAsDouble() : Double.NaN;
    }
}
