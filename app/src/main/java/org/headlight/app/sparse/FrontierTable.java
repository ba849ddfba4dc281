package org.headlight.app.sparse;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.run.DenseSteps;
import org.headlight.analysis.sparse.run.EndToEnd;
import org.headlight.analysis.sparse.run.Frontier;
import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.analysis.sparse.run.NeedleFate;
import org.headlight.analysis.sparse.run.RecallShares;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseTimes;
import org.headlight.engine.task.WholeFile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Many policies and settings over one text as a table: one row each, columns that have no value
 * empty.
 *
 * @param points the rows
 * @param cost what is traded
 * @param loss for what
 */
public record FrontierTable(
        List<FrontierPoint> points, FrontierPoint.Cost cost, FrontierPoint.Loss loss) {

    public FrontierTable {
        points = List.copyOf(points);
    }

    /** The points that no other beats. */
    public List<FrontierPoint> front() {
        return Frontier.best(points, cost, loss);
    }

    /**
     * Writes the table as CSV, in UTF-8; the file appears when it is whole.
     *
     * @throws org.headlight.engine.problem.BadInputException when it cannot be written
     */
    public void write(Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(csv().getBytes(StandardCharsets.UTF_8));
        WholeFile.write(
                file,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    /** The options of the command that makes the same sweep. */
    public List<String> options() {
        String policies =
                points.stream()
                        .map(point -> point.choice().info().name())
                        .distinct()
                        .collect(Collectors.joining(","));
        return List.of(
                "--policies",
                policies,
                "--cost",
                cost.name().toLowerCase(Locale.ROOT),
                "--loss",
                loss.name().toLowerCase(Locale.ROOT),
                "--out",
                "frontier.csv");
    }

    /** The table as CSV: a header, then a line a point. */
    public String csv() {
        StringBuilder text = new StringBuilder();
        List<FrontierPoint> front = front();
        for (FrontierPoint point : points) {
            Map<String, Object> row = row(point, front.contains(point));
            if (text.isEmpty()) {
                text.append(String.join(",", row.keySet())).append('\n');
            }
            text.append(
                            row.values().stream()
                                    .map(FrontierTable::cell)
                                    .collect(Collectors.joining(",")))
                    .append('\n');
        }
        return text.toString();
    }

    /** The table as the command line prints it. */
    public JsonArray json() {
        JsonArray rows = new JsonArray();
        List<FrontierPoint> front = front();
        for (FrontierPoint point : points) {
            JsonObject json = new JsonObject();
            row(point, front.contains(point))
                    .forEach((name, value) -> {
                        switch (value) {
                            case Double d -> json.add(name, SparseJson.number(d));
                            case Number n -> json.add(name, new JsonPrimitive(n));
                            case Boolean b -> json.addProperty(name, b);
                            default -> json.addProperty(name, value.toString());
                        }
                    });
            rows.add(json);
        }
        return rows;
    }

    private Map<String, Object> row(FrontierPoint point, boolean best) {
        SparseResult result = point.result();
        PolicyInfo info = point.choice().info();
        RecallShares recall = result.recall();
        boolean whole = result.degenerate();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("policy", info.name());
        row.put("settings", point.choice().settings().text());
        row.put("phase", info.phase().word());
        row.put("honest", info.honesty().word());
        row.put("front", best);
        row.put("degenerate", whole);
        row.put("density", result.density());
        row.put("computed", result.computed());
        row.put("recallMean", whole ? 1.0 : recall.mean());
        row.put("recallP5", whole ? 1.0 : recall.p5());
        row.put("recallMin", whole ? 1.0 : recall.least());
        row.put("recallMeanWithoutSink", whole ? 1.0 : recall.withoutSink());
        row.put("recallOracle", whole ? 1.0 : recall.oracle());
        row.put("outputError", result.worstLayerError());
        double none = Double.NaN;
        row.put("kl", result.endToEnd().map(EndToEnd::kl).orElse(none));
        row.put("top1Agreement", result.endToEnd().map(EndToEnd::top1Agreement).orElse(none));
        row.put("lossDense", result.endToEnd().map(EndToEnd::lossDense).orElse(none));
        row.put("lossSparse", result.endToEnd().map(EndToEnd::lossSparse).orElse(none));
        row.put("lossRatio", result.endToEnd().map(EndToEnd::lossRatio).orElse(none));
        SparseTimes times = result.times();
        row.put("selectMs", times.select());
        row.put("attendMs", times.attend());
        row.put("restMs", times.rest());
        row.put("denseMs", times.dense());
        row.put("denseAttendMs", times.denseAttend());
        row.put("denseStepsAttendMs", times.steps().map(DenseSteps::attend).orElse(none));
        row.put("speedup", times.speedup());
        row.put("decodeSpeedup", times.decodeSpeedup());
        row.put("bytesRead", result.bytesRead());
        row.put("denseBytesRead", result.denseBytesRead());
        row.put("denseStepsBytesRead", times.steps().<Object>map(DenseSteps::bytes).orElse(none));
        row.put("needleKept", result.needle().map(NeedleFate::kept).orElse(none));
        row.put("needleMass", result.needle().map(NeedleFate::mass).orElse(none));
        return row;
    }

    private static String cell(Object value) {
        if (value instanceof Double d) {
            return Double.isFinite(d) ? number(d) : "";
        }
        String text = value.toString();
        return text.matches("[\\w.:+-]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    /** Seven digits: what a float32 run is worth. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.7g", value);
        return text.contains("e") || !text.contains(".")
                ? text
                : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
