package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;
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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** XAttention's scores against those of the processor, and its choice against the rules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmulatedXAttentionTest {
    private final EmulatedDriver driver = new EmulatedDriver(80, 166_912);
    private CudaAttention attention;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        Attention processor = new Attention(KernelProvider.flashLookup().kernels(), 1);
        attention = new CudaAttention(driver, compiler, Precision.FP16, processor);
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
        attention.blockScores(input, groups, sums, Progress.NONE);
        return sums;
    }

    private static int cells(AttentionInput input, AntidiagonalScores.Groups groups) {
        return input.q().heads()
                * Math.ceilDiv(input.q().rows(), groups.block())
                * Math.ceilDiv(input.k().rows(), groups.block());
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, 300, 300, 64, 8, 64, true, 0",
        "1, 1, 1100, 1100, 32, 8, 128, true, 0",
        "2, 2, 400, 400, 64, 16, 128, true, 0",
        "1, 1, 130, 250, 40, 16, 64, true, 0",
        "1, 1, 250, 250, 64, 64, 64, true, 0",
        "2, 1, 300, 200, 32, 8, 64, false, 0",
        "1, 1, 500, 500, 32, 4, 64, true, 90",
        "1, 1, 65, 65, 64, 1, 64, true, 0"
    })
    void scoresEqualThoseOfTheProcessor(
            int heads,
            int keyHeads,
            int n,
            int m,
            int depth,
            int stride,
            int block,
            boolean causal,
            int window) {
        AttentionInput input =
                input(AttentionMask.causal(m - n), heads, keyHeads, n, m, depth, depth);
        AntidiagonalScores.Groups groups =
                new AntidiagonalScores.Groups(stride, block, causal, window);
        assertThat(attention.canScore(input, groups)).isTrue();
        driver.mode(n + stride & 3);
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
        AttentionInput input = input(AttentionMask.causal(m - n), 2, 1, n, m, 16, 16);
        AntidiagonalScores.Groups groups = new AntidiagonalScores.Groups(16, block, causal, 0);
        float[] scores = scores(input, groups);
        AntidiagonalBlocks.Rule rule = new AntidiagonalBlocks.Rule(threshold, reference, chunk);
        BlockCsr chosen = attention.chooseBlocks(input, groups, rule, Progress.NONE);
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
    private static TreeSet<Integer> naive(
            double[] scores, Row at, AntidiagonalBlocks.Rule rule, boolean causal) {
        int columns = scores.length;
        int end = causal ? Math.min(columns, at.last() / at.block() + 1) : columns;
        double total = 0;
        for (int c = 0; c < end; c++) {
            total += scores[c];
        }
        TreeSet<Integer> taken = new TreeSet<>();
        TreeSet<Integer> forced = new TreeSet<>();
        int rowOffset = columns - Math.ceilDiv(at.queries(), at.block());
        boolean later = at.row() / rule.chunk() * rule.chunk() + rowOffset > 0;
        if (causal) {
            forced.add(
                    rule.reference()
                            ? Math.min(columns - 1, at.row() + rowOffset)
                            : Math.min(columns - 1, at.last() / at.block()));
            if (!rule.reference() || later) {
                forced.add(0);
            }
        }
        List<Integer> order = new ArrayList<>();
        for (int c = 0; c < end; c++) {
            if (!forced.contains(c)) {
                order.add(c);
            }
        }
        order.sort((a, b) -> scores[a] == scores[b] ? a - b : Double.compare(scores[b], scores[a]));
        double held = forced.stream().mapToDouble(c -> scores[c]).sum();
        double before = held;
        for (int i = 0; i < order.size(); i++) {
            boolean lags = rule.reference() && causal && !later;
            double cost = !lags ? held : i == 0 ? 0 : before;
            if (cost < rule.threshold() * total) {
                taken.add(order.get(i));
            }
            before = held;
            held += scores[order.get(i)];
        }
        taken.addAll(forced);
        if (causal || rule.reference()) {
            taken.add(0);
        }
        if (causal) {
            int first = at.row() * at.block() + at.offset();
            for (int c = first / at.block();
                    c <= Math.min(columns - 1, at.last() / at.block());
                    c++) {
                taken.add(c);
            }
        }
        if (columns == 1) {
            taken.add(0);
        }
        return taken;
    }
}
