package org.headlight.app.cli.bench;

import ai.onnxruntime.OrtException;

import com.google.gson.JsonObject;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.kernel.PeakRate;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One measurement in a fresh process: our causal attention, whole and sparse, and the runtime's, of
 * the same random data, in turns. Processor time, so that other work on the machine counts little.
 */
public final class KernelRun {
    /** Queries and keys of a block of the sparse runs. */
    private static final int BLOCK = 128;

    /** Samples shorter than this are taken over several calls. */
    private static final double SAMPLE_SECONDS = 0.04;

    /** Each contestant runs so long before anything is measured: the compiler takes its time. */
    private static final double WARM_UP_SECONDS = 1;

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private final ProcessClock clock = new ProcessClock();

    /** What is measured. */
    private interface Call {
        void run() throws OrtException;
    }

    /** Samples of one contestant, in seconds a call. */
    private static final class Contestant {
        private final String name;
        private final Call call;
        private final List<Double> processor = new ArrayList<>();
        private final List<Double> wall = new ArrayList<>();
        private int calls = 1;

        Contestant(String name, Call call) {
            this.name = name;
            this.call = call;
        }

        private static double median(List<Double> values) {
            double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    /**
     * Measures.
     *
     * @param tokens queries and keys of a head
     * @param depth width of queries, keys and values
     * @param heads heads, each with keys of its own
     */
    public JsonObject run(int tokens, int depth, int heads) {
        double peak = PeakRate.measure();
        int size = Math.multiplyExact(Math.multiplyExact(tokens, depth), heads);
        float[] q = noise(size, 1);
        float[] k = noise(size, 2);
        float[] v = noise(size, 3);
        float scale = (float) (1 / Math.sqrt(depth));
        AttentionInput input =
                AttentionInput.of(
                        HeadArray.headsFirst(q, heads, tokens, depth),
                        HeadArray.headsFirst(k, heads, tokens, depth),
                        HeadArray.headsFirst(v, heads, tokens, depth),
                        scale,
                        AttentionMask.causal(0));
        AttentionOutput output = AttentionOutput.allocate(heads, tokens, depth);
        FlashKernels kernels = KernelProvider.flashLookup().kernels();
        AttentionKernels mapKernels = KernelProvider.lookup().kernels();
        float[] sums = new float[heads * Math.ceilDiv(tokens, BLOCK) * Math.ceilDiv(tokens, BLOCK)];
        BlockCsr tenth = blocks(tokens, heads, 0.10);
        BlockCsr twentieth = blocks(tokens, heads, 0.05);
        JsonObject json = new JsonObject();
        try (Attention attention = new Attention(kernels, THREADS);
                AntidiagonalScores scores = new AntidiagonalScores(mapKernels, THREADS);
                RuntimeAttention rival = new RuntimeAttention(input, THREADS)) {
            attention.run(input, output, Progress.NONE);
            rival.run();
            json.addProperty("maxAbsDifference", difference(output, rival));
            List<Contestant> all =
                    List.of(
                            ours("dense", attention, input, Selection.dense(), output),
                            new Contestant("runtime", rival::run),
                            ours("tenth", attention, input, tenth, output),
                            ours("twentieth", attention, input, twentieth, output),
                            scoring("scoring8", scores, input, 8, sums),
                            scoring("scoring16", scores, input, 16, sums));
            take(all, tokens >= 16_000 ? 3 : tokens >= 8_000 ? 5 : 9);
            for (Contestant one : all) {
                json.addProperty(one.name + "CpuSeconds", Contestant.median(one.processor));
                json.addProperty(one.name + "Seconds", Contestant.median(one.wall));
            }
        } catch (OrtException e) {
            throw new BadInputException(
                    "ONNX Runtime cannot run its attention here (" + e.getMessage() + ").", e);
        }
        double useful = 4.0 * depth * heads * ((double) tokens * (tokens + 1) / 2);
        json.addProperty("peakPerSecond", peak);
        json.addProperty("densePerSecond", useful / json.get("denseCpuSeconds").getAsDouble());
        json.addProperty("tenthDensity", density(tenth, tokens, heads));
        json.addProperty("twentiethDensity", density(twentieth, tokens, heads));
        return json;
    }

    private static Contestant ours(
            String name,
            Attention attention,
            AttentionInput input,
            Selection selection,
            AttentionOutput output) {
        return new Contestant(name, () -> attention.run(input, selection, output, Progress.NONE));
    }

    private void take(List<Contestant> all, int rounds) throws OrtException {
        for (Contestant one : all) {
            long start = System.nanoTime();
            double seconds;
            do {
                long call = System.nanoTime();
                one.call.run();
                seconds = (System.nanoTime() - call) / 1e9;
            } while ((System.nanoTime() - start) / 1e9 < WARM_UP_SECONDS);
            one.calls = Math.clamp((int) Math.ceil(SAMPLE_SECONDS / seconds), 1, 200);
        }
        for (int round = 0; round < rounds; round++) {
            for (Contestant one : all) {
                long wall = System.nanoTime();
                long processor = clock.nanoseconds();
                for (int i = 0; i < one.calls; i++) {
                    one.call.run();
                }
                one.processor.add((clock.nanoseconds() - processor) / 1e9 / one.calls);
                one.wall.add((System.nanoTime() - wall) / 1e9 / one.calls);
            }
        }
    }

    private static Contestant scoring(
            String name,
            AntidiagonalScores scores,
            AttentionInput input,
            int stride,
            float[] sums) {
        return new Contestant(
                name,
                () ->
                        scores.run(
                                input.q(),
                                input.k(),
                                input.scale(),
                                stride,
                                BLOCK,
                                sums,
                                Progress.NONE));
    }

    private static double difference(AttentionOutput ours, RuntimeAttention theirs) {
        HeadArray out = ours.out();
        double worst = 0;
        for (int head = 0; head < out.heads(); head++) {
            for (int row = 0; row < out.rows(); row++) {
                for (int c = 0; c < out.width(); c++) {
                    float own = out.values()[out.at(head, row) + c];
                    double difference = Math.abs(own - theirs.output(head, row, c));
                    worst = Double.isNaN(difference) ? difference : Math.max(worst, difference);
                }
            }
        }
        return worst;
    }

    private static float[] noise(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static long triangle(int tokens) {
        long rows = Math.ceilDiv(tokens, BLOCK);
        return rows * (rows + 1) / 2;
    }

    private static double density(BlockCsr layout, int tokens, int heads) {
        return (double) layout.blocks() / heads / triangle(tokens);
    }

    /**
     * The diagonal blocks, and random ones before it until the share of the triangle is reached.
     */
    private static BlockCsr blocks(int tokens, int heads, double share) {
        int rows = Math.ceilDiv(tokens, BLOCK);
        List<int[]> starts = new ArrayList<>();
        List<int[]> columns = new ArrayList<>();
        Random random = new Random(5);
        for (int head = 0; head < heads; head++) {
            boolean[][] kept = new boolean[rows][rows];
            for (int row = 0; row < rows; row++) {
                kept[row][row] = true;
            }
            long more = Math.round(share * triangle(tokens)) - rows;
            while (more > 0) {
                int row = random.nextInt(rows);
                int column = random.nextInt(rows);
                if (column < row && !kept[row][column]) {
                    kept[row][column] = true;
                    more--;
                }
            }
            addHead(kept, starts, columns);
        }
        return BlockCsr.of(BLOCK, starts, columns);
    }

    private static void addHead(boolean[][] kept, List<int[]> starts, List<int[]> columns) {
        int rows = kept.length;
        int[] start = new int[rows + 1];
        int[] list = new int[rows * rows];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < rows; column++) {
                if (kept[row][column]) {
                    list[count++] = column;
                }
            }
            start[row + 1] = count;
        }
        starts.add(start);
        columns.add(Arrays.copyOf(list, count));
    }
}
