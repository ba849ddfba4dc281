package org.headlight.app.cli.bench;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.cuda.AntidiagonalBlocks;
import org.headlight.engine.cuda.DeviceAttention;
import org.headlight.engine.cuda.FlashCall;
import org.headlight.engine.device.RuntimeWords;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Our attention in halves on a GPU, whole and sparse, against ONNX Runtime's and PyTorch's, and
 * against what the device can do at most. Data stays on the device; times are the device's own.
 */
public final class CudaRun {
    private static final int RUNS = 7;
    private static final int BLOCK = 128;
    private static final int WIDTH = 128;
    private static final double THRESHOLD = 0.9;
    private static final int FIRST = 128;
    private static final int WINDOW = 2048;

    /** Queries that share a list of vertical-slash, and keys of one of its windows. */
    private static final int GROUP = 64;

    private final DeviceAttention attention;
    private final int device;

    /**
     * @param attention of the device
     * @param device its number
     */
    public CudaRun(DeviceAttention attention, int device) {
        this.attention = attention;
        this.device = device;
    }

    /** What the device does at most: bytes a second of a copy, operations a second of products. */
    public JsonObject limits() {
        attention.make(32, 8, 32_768, WIDTH);
        double copied = 2.0 * attention.queryBytes() / seconds(attention::copy);
        JsonObject json = new JsonObject();
        json.addProperty("device", attention.device().name());
        json.addProperty("copyBytesPerSecond", copied);
        json.addProperty(
                "productsPerSecond", attention.peakOperations() / seconds(attention::runPeak));
        return json;
    }

    /** Measures one length. */
    public JsonObject run(
            int tokens, int heads, int keyHeads, JsonObject limits, Progress progress) {
        attention.make(heads, keyHeads, tokens, WIDTH);
        JsonObject json = shape(tokens, heads, keyHeads);
        double pairs = 0.5 * tokens * (tokens + 1.0);
        double bytes =
                2.0 * WIDTH * tokens * (2.0 * heads + 2.0 * keyHeads) + bytesOut(heads, tokens);
        double work = 4.0 * WIDTH * heads * pairs;
        double floor =
                Math.max(
                        bytes / limits.get("copyBytesPerSecond").getAsDouble(),
                        work / limits.get("productsPerSecond").getAsDouble());
        JsonArray rows = new JsonArray();
        double dense = 1e3 * seconds(() -> attention.attend(Selection.dense()));
        rows.add(row("ours, dense", 1, 0, dense, floor));
        for (int stride : new int[] {8, 16}) {
            progress.check();
            rows.add(antidiagonal(stride, heads, tokens, floor));
        }
        progress.check();
        Spans slashes = verticalSlash(tokens);
        FlashCall.Lists lists = attention.lists(slashes);
        double millis = 1e3 * seconds(() -> attention.attend(slashes.sharing(), lists));
        rows.add(row("ours, vertical-slash", density(slashes, tokens), Double.NaN, millis, floor));
        Selection band = Selection.band(FIRST, WINDOW);
        double kept = 0;
        for (int row = 0; row < tokens; row++) {
            kept += Math.min(row + 1, FIRST + WINDOW);
        }
        millis = 1e3 * seconds(() -> attention.attend(band));
        rows.add(row("ours, band", kept / pairs, 0, millis, floor));
        progress.check();
        rival(rows, tokens, heads, keyHeads, floor);
        json.add("rows", rows);
        json.addProperty("floorMillis", 1e3 * floor);
        return json;
    }

    /** A length that was not measured, and why. */
    public static JsonObject missing(int tokens, int heads, int keyHeads, String reason) {
        JsonArray rows = new JsonArray();
        rows.add(missing("all", reason));
        JsonObject json = shape(tokens, heads, keyHeads);
        json.add("rows", rows);
        return json;
    }

    private static JsonObject shape(int tokens, int heads, int keyHeads) {
        JsonObject json = new JsonObject();
        json.addProperty("tokens", tokens);
        json.addProperty("heads", heads);
        json.addProperty("keyHeads", keyHeads);
        json.addProperty("width", WIDTH);
        return json;
    }

    private static JsonObject missing(String name, String reason) {
        JsonObject missing = new JsonObject();
        missing.addProperty("name", name);
        missing.addProperty("missing", reason);
        return missing;
    }

    private static double bytesOut(int heads, int tokens) {
        return 2.0 * WIDTH * heads * tokens;
    }

    private JsonObject antidiagonal(int stride, int heads, int tokens, double floor) {
        double score = 1e3 * seconds(() -> attention.score(stride, BLOCK));
        AntidiagonalBlocks.Chosen[] last = new AntidiagonalBlocks.Chosen[1];
        double choose = 1e3 * seconds(() -> last[0] = attention.choose(stride, BLOCK, THRESHOLD));
        AntidiagonalBlocks.Chosen chosen = last[0];
        Selection.Sharing sharing = new Selection.Sharing(BLOCK, Selection.Sharing.ALL, 0);
        double attend = 1e3 * seconds(() -> attention.attend(sharing, chosen.lists()));
        double rows = Math.ceilDiv(tokens, BLOCK);
        double density = chosen.kept() / (heads * rows * (rows + 1) / 2);
        JsonObject row = row("ours, XAttention " + stride, density, score + choose, attend, floor);
        row.addProperty("scoreMillis", score);
        row.addProperty("chooseMillis", choose);
        return row;
    }

    /**
     * The runtime's and PyTorch's dense attention; each leaves out what it cannot do, and says why.
     */
    private void rival(JsonArray rows, int tokens, int heads, int keyHeads, double floor) {
        RuntimeChain chain =
                new RuntimeChain(new RuntimeChain.Shape(tokens, heads, keyHeads, WIDTH, true));
        int more = Math.clamp(1_000_000 / tokens, 2, 64);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device)) {
            options.addCUDA(cuda);
            rows.add(row("ONNX Runtime, dense", 1, 0, chain.millis(options, more, RUNS), floor));
        } catch (OrtException e) {
            String said = RuntimeWords.of(String.valueOf(e.getMessage()));
            rows.add(missing("ONNX Runtime, dense", said + "."));
        }
        Optional<JsonObject> torch = new TorchRival().measure(tokens, heads, keyHeads, WIDTH);
        rows.add(
                torch.map(json ->
                                row(
                                        "PyTorch " + json.get("torch").getAsString() + ", dense",
                                        1,
                                        0,
                                        json.get("millis").getAsDouble(),
                                        floor))
                        .orElseGet(() ->
                                missing(
                                        "PyTorch, dense",
                                        "python3 with PyTorch for CUDA is not found, or does not"
                                                + " have the memory.")));
    }

    private static JsonObject row(
            String name, double density, double select, double attend, double floor) {
        JsonObject json = new JsonObject();
        json.addProperty("name", name);
        json.addProperty("density", density);
        if (!Double.isNaN(select)) {
            json.addProperty("selectMillis", select);
        }
        json.addProperty("attendMillis", attend);
        json.addProperty("overFloor", attend / (1e3 * floor * density));
        return json;
    }

    private double seconds(DeviceAttention.Work work) {
        List<Double> times = new ArrayList<>(attention.millis(work, RUNS));
        Collections.sort(times);
        return times.get(RUNS / 2) / 1e3;
    }

    /**
     * Columns and distances as many as MInference takes (1000 and 6096 at most), at made-up places:
     * the first 30 keys and the nearest 100 distances among them. What choosing them costs is not
     * measured.
     */
    static Spans verticalSlash(int tokens) {
        Random random = new Random(7);
        boolean[] columns = new boolean[tokens];
        Arrays.fill(columns, 0, Math.min(30, tokens), true);
        for (int i = 0; i < Math.min(1000, tokens / 40); i++) {
            columns[random.nextInt(tokens)] = true;
        }
        List<Integer> distances = new ArrayList<>();
        for (int i = 0; i < Math.min(100, tokens); i++) {
            distances.add(i);
        }
        // Distances lie in runs, as those that a head looks at do.
        while (distances.size() < Math.min(6096, tokens / 8)) {
            int from = random.nextInt(tokens);
            for (int i = 0; i < 64; i++) {
                distances.add(from + i);
            }
        }
        Spans.Builder spans = new Spans.Builder(1, tokens, GROUP);
        for (int row = 0; row < tokens; row += GROUP) {
            boolean[] kept = Arrays.copyOf(columns, Math.min(tokens, row + GROUP));
            for (int distance : distances) {
                int to = Math.min(kept.length, row + GROUP - distance);
                if (to > 0) {
                    Arrays.fill(kept, Math.max(0, to - GROUP), to, true);
                }
            }
            int key = 0;
            while (key < kept.length) {
                int end = key;
                while (end < kept.length && kept[end] == kept[key]) {
                    end++;
                }
                if (kept[key]) {
                    spans.add(key, end);
                }
                key = end;
            }
            spans.next();
        }
        return spans.build();
    }

    private static double density(Spans spans, int tokens) {
        Selection.Shape shape = new Selection.Shape(1, 1, tokens, tokens);
        double[] kept = new double[1];
        for (int row = 0; row < tokens; row++) {
            int end = row + 1;
            if (row % GROUP == 0 || tokens <= 8192) {
                int weight = tokens <= 8192 ? 1 : Math.min(GROUP, tokens - row);
                spans.runs(
                        shape,
                        0,
                        row,
                        (from, to) ->
                                kept[0] += weight * (double) Math.max(0, Math.min(to, end) - from));
            }
        }
        return kept[0] / (0.5 * tokens * (tokens + 1.0));
    }
}
