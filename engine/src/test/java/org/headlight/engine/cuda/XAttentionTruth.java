package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** XAttention's scores against those of the processor, and its choice against the rules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class XAttentionTruth {
    private CudaAttention attention;

    /** A device of its own for each call. */
    abstract GpuDriver driver(Path folder);

    abstract KernelCompiler compiler(Path folder) throws IOException;

    /** Lets the device go about its work in another order, of 0 to 3, if it can. */
    abstract void mode(int order);

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        KernelCompiler compiler = compiler(folder);
        Attention processor = new Attention(KernelProvider.flashLookup().kernels(), 1);
        attention = new CudaAttention(driver(folder), compiler, Precision.FP16, processor);
    }

    @AfterAll
    void close() {
        if (attention != null) {
            attention.close();
        }
    }

    private static AttentionInput input(AttentionMask mask, int... shape) {
        AttentionInput given = AttentionCase.input(mask, 3, shape);
        return given.with(rounded(given.q()), rounded(given.k()), given.v());
    }

    private static HeadArray rounded(HeadArray array) {
        float[] values = array.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        return HeadArray.headsFirst(values, array.heads(), array.rows(), array.width());
    }

    private float[] scores(AttentionInput input, AntidiagonalScores.Groups groups) {
        float[] sums = new float[cells(input, groups)];
        attention.scorer().score(input, groups, sums, Progress.NONE);
        return sums;
    }

    private static int cells(AttentionInput input, AntidiagonalScores.Groups groups) {
        return input.q().heads()
                * Math.ceilDiv(input.q().rows(), groups.block())
                * Math.ceilDiv(input.k().rows(), groups.block());
    }

    /** Heads, key heads, queries, keys, width, stride, block, whether causal, window. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2 1 300 300 64 8 64 1 0",
                "1 1 1100 1100 32 8 128 1 0",
                "2 2 400 400 64 16 128 1 0",
                "1 1 130 250 40 16 64 1 0",
                "1 1 250 250 64 64 64 1 0",
                "2 1 300 200 32 8 64 0 0",
                "1 1 500 500 32 4 64 1 90",
                "1 1 65 65 64 1 64 1 0"
            })
    void scoresEqualThoseOfTheProcessor(String numbers) {
        int[] of = Stream.of(numbers.split(" ")).mapToInt(Integer::parseInt).toArray();
        int n = of[2];
        int m = of[3];
        int stride = of[5];
        AttentionMask mask = AttentionMask.causal(m - n);
        AttentionInput input = input(mask, of[0], of[1], n, m, of[4], of[4]);
        AntidiagonalScores.Groups groups =
                new AntidiagonalScores.Groups(stride, of[6], of[7] == 1, of[8]);
        assertThat(attention.scorer().can(input, groups)).isTrue();
        mode(n + stride & 3);
        float[] own = scores(input, groups);
        float[] truth = new float[own.length];
        try (AntidiagonalScores processor =
                new AntidiagonalScores(KernelProvider.lookup().kernels(), 1)) {
            processor.run(input.q(), input.k(), input.scale(), groups, truth, Progress.NONE);
        }
        for (int i = 0; i < truth.length; i++) {
            assertThat(own[i]).as("block %d", i).isCloseTo(truth[i], within(2e-4f));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "700, 700, 64, 0.9, true, false, 1000",
        "700, 700, 64, 0.5, true, false, 1000",
        "700, 800, 64, 0.9, true, true, 4",
        "700, 700, 64, 0.6, true, true, 1000",
        "700, 700, 64, 0.8, false, false, 1000",
        "700, 700, 64, 0.8, false, true, 1000",
        "2600, 2600, 64, 0.7, true, false, 1000",
        "60, 60, 64, 0.9, true, false, 1000",
        "700, 700, 64, 1, true, false, 1000"
    })
    void blocksAreChosenByTheRule(
            int n,
            int m,
            int block,
            double threshold,
            boolean causal,
            boolean reference,
            int chunk) {
        AttentionMask mask = causal ? AttentionMask.causal(m - n) : AttentionMask.full(m);
        AttentionInput input = input(mask, 2, 1, n, m, 16, 16);
        AntidiagonalScores.Groups groups = new AntidiagonalScores.Groups(16, block, causal, 0);
        float[] scores = scores(input, groups);
        BlockRule rule = new BlockRule(threshold, reference, chunk);
        BlockCsr chosen =
                attention.scorer().choose(input, groups, rule, Progress.NONE).orElseThrow();
        int rows = Math.ceilDiv(n, block);
        int columns = Math.ceilDiv(m, block);
        Selection.Shape shape = Selection.Shape.of(input);
        for (int head = 0; head < 2; head++) {
            for (int row = 0; row < rows; row++) {
                double[] own = new double[columns];
                for (int c = 0; c < columns; c++) {
                    own[c] = scores[(head * rows + row) * columns + c];
                }
                List<Integer> used = new ArrayList<>();
                chosen.runs(
                        shape,
                        head,
                        row * block,
                        (from, to) -> {
                            for (int key = from; key < to; key += block) {
                                used.add(key / block);
                            }
                        });
                assertThat(used)
                        .as("head %d, row %d", head, row)
                        .containsExactlyElementsOf(
                                naive(own, new Row(row, n, m, block), rule, causal));
            }
        }
    }

    private record Row(int row, int queries, int keys, int block) {
        int offset() {
            return keys - queries;
        }

        int last() {
            return Math.min(queries, (row + 1) * block) - 1 + offset();
        }
    }

    /** The rules, in plain loops. */
    private static Set<Integer> naive(double[] scores, Row at, BlockRule rule, boolean causal) {
        int columns = scores.length;
        int end = causal ? Math.min(columns, at.last() / at.block() + 1) : columns;
        int rowOffset = columns - Math.ceilDiv(at.queries(), at.block());
        boolean later = at.row() / rule.chunk() * rule.chunk() + rowOffset > 0;
        Set<Integer> forced = new TreeSet<>();
        if (causal) {
            int own = rule.reference() ? at.row() + rowOffset : at.last() / at.block();
            forced.add(Math.min(columns - 1, own));
            if (!rule.reference() || later) {
                forced.add(0);
            }
        }
        double need = rule.threshold() * IntStream.range(0, end).mapToDouble(c -> scores[c]).sum();
        boolean lags = rule.reference() && causal && !later;
        Set<Integer> taken = new TreeSet<>(ranked(scores, end, forced, need, lags));
        taken.addAll(forced);
        if (causal || rule.reference() || columns == 1) {
            taken.add(0);
        }
        int first = at.row() * at.block() + at.offset();
        int own = Math.min(columns - 1, at.last() / at.block());
        for (int c = first / at.block(); causal && c <= own; c++) {
            taken.add(c);
        }
        return taken;
    }

    /** The blocks besides the forced ones, the largest first, as long as more is needed. */
    private static List<Integer> ranked(
            double[] scores, int end, Set<Integer> forced, double need, boolean lags) {
        List<Integer> order =
                new ArrayList<>(
                        IntStream.range(0, end).boxed().filter(c -> !forced.contains(c)).toList());
        order.sort(Comparator.comparingDouble((Integer c) -> -scores[c]).thenComparing(c -> c));
        List<Integer> taken = new ArrayList<>();
        double held = forced.stream().mapToDouble(c -> scores[c]).sum();
        double before = 0;
        for (int column : order) {
            if ((lags ? before : held) < need) {
                taken.add(column);
            }
            before = held;
            held += scores[column];
        }
        return taken;
    }
}
