package org.headlight.analysis.sparse.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.attend.BlockScorer;
import org.headlight.engine.attend.Detour;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.cuda.CudaAttention;
import org.headlight.engine.cuda.EmulatedCompiler;
import org.headlight.engine.cuda.EmulatedDriver;
import org.headlight.engine.cuda.Precision;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.cut.SiteCall;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Policies whose blocks are scored and chosen, and whose attention is computed, by the kernels for
 * CUDA on the emulator, against the same on the processor.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoliciesOnEmulatorTest {
    private static final int HEADS = 4;
    private static final int KEY_HEADS = 2;
    private static final int BLOCK = 64;

    /** Of values of up to 1, with weights in halves. */
    private static final double HALVES = 1e-3;

    private static final double FLOATS = 1e-5;

    /** What rounding to halves may move of a block row's score, as a part of it. */
    private static final double ROUNDING = 5e-3;

    private static final AttentionPlace PLACE =
            AttentionPlace.on(new Device.Cuda(0), "Emulator", "halves");

    private CudaAttention halves;
    private CudaAttention floats;
    private Attention processor;

    /** What a hook is given. */
    private record Kernels(AttentionRunner runner) implements SiteAttend {
        @Override
        public void attend(AttentionInput input, Selection selection, AttentionOutput output) {
            runner.run(input, selection, output, Progress.NONE);
        }

        @Override
        public BlockScorer scorer() {
            return runner.scorer();
        }
    }

    /** An output, and where it was computed. */
    private record Ran(AttentionOutput output, AttentionUse use) {}

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        processor = new Attention(KernelProvider.flashLookup().kernels(), 1);
        halves =
                new CudaAttention(
                        new EmulatedDriver(80, 166_912),
                        compiler,
                        Precision.FP16,
                        new Attention(KernelProvider.flashLookup().kernels(), 1));
        floats =
                new CudaAttention(
                        new EmulatedDriver(80, 166_912),
                        compiler,
                        Precision.FP32,
                        new Attention(KernelProvider.flashLookup().kernels(), 1));
    }

    @AfterAll
    void close() {
        if (halves != null) {
            halves.close();
            floats.close();
            processor.close();
        }
    }

    private static SparseCase text(int tokens, AttentionMask mask, boolean rounded) {
        AttentionInput input =
                SparseCase.text(HEADS, KEY_HEADS, tokens, 32, 5).whole().withMask(mask);
        return SparseCase.of(
                rounded
                        ? input.with(rounded(input.q()), rounded(input.k()), rounded(input.v()))
                        : input);
    }

    private static HeadArray rounded(HeadArray array) {
        float[] values = array.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16(values[i]));
        }
        return HeadArray.headsFirst(values, array.heads(), array.rows(), array.width());
    }

    private static Policy policy(String name) {
        return PolicyCatalog.standard().find(name);
    }

    private static Settings settings(String name, String given) {
        Settings settings = policy(name).preset(300);
        for (String one : given.isEmpty() ? List.<String>of() : List.of(given.split(" ", -1))) {
            int sign = one.indexOf('=');
            settings = settings.parsed(one.substring(0, sign), one.substring(sign + 1));
        }
        return settings;
    }

    private static Ran run(
            AttentionRunner runner, SparseCase text, String name, String given, int prompt) {
        PolicyChoice choice = new PolicyChoice(policy(name), settings(name, given));
        AttentionInput input = text.whole();
        AttentionOutput output =
                AttentionOutput.allocate(HEADS, input.q().rows(), input.v().width());
        try (SparseHook hook =
                new SparseHook(
                        Assignment.everywhere(choice),
                        text.decodingFrom(prompt).run(1),
                        SparseOptions.QUICK,
                        Progress.NONE)) {
            hook.attend(new SiteCall(0, SiteKind.SELF, input), new Kernels(runner), output);
            return new Ran(output, hook.use(PLACE));
        }
    }

    private static double difference(AttentionOutput one, AttentionOutput other) {
        double largest = 0;
        for (int i = 0; i < one.out().values().length; i++) {
            double now = Math.abs((double) one.out().values()[i] - other.out().values()[i]);
            largest = Double.isNaN(now) ? Double.POSITIVE_INFINITY : Math.max(largest, now);
        }
        return largest;
    }

    /** Tokens, policy, its settings, whether its blocks are chosen or only scored on the device. */
    @ParameterizedTest
    @CsvSource({
        "300, xattention, threshold=0.6, true, false",
        "300, xattention, threshold=0.9 stride=16, true, false",
        "300, xattention, threshold=0.5 rule=reference, true, false",
        "450, xattention, threshold=0.7 block=128, true, false",
        "65, xattention, threshold=0.6, true, false",
        "330, pbs, threshold=0.5 score=antidiagonal block=64 segment=128, false, true",
        "300, vertical-slash, '', false, false",
        "300, a-shape, '', false, false"
    })
    void aPolicyGivesOnTheDeviceWhatItGivesOnTheProcessor(
            int tokens, String name, String given, boolean chosen, boolean scored) {
        AttentionMask mask = AttentionMask.causal(0);
        for (AttentionRunner device : List.of(halves, floats)) {
            SparseCase text = text(tokens, mask, device == halves);
            Ran mine = run(device, text, name, given, tokens);
            Ran truth = run(processor, text, name, given, tokens);
            assertThat(difference(mine.output, truth.output))
                    .isLessThanOrEqualTo(device == halves ? HALVES : FLOATS);
            assertThat(mine.use.chosen()).isEqualTo(chosen ? 1 : 0);
            assertThat(mine.use.scored()).isEqualTo(scored ? HEADS : 0);
            assertThat(mine.use.calls().device()).isPositive();
            assertThat(mine.use.calls().processor()).isZero();
            assertThat(truth.use.calls().device()).isZero();
            assertThat(truth.use.chosen() + truth.use.scored()).isZero();
        }
    }

    /** Up to 8 queries go to the processor, to the last bit. */
    @ParameterizedTest
    @CsvSource({"1", "2", "7", "8", "9"})
    void shortTextsAreTheProcessorsUpToEightQueries(int tokens) {
        for (AttentionRunner device : List.of(halves, floats)) {
            SparseCase text = text(tokens, AttentionMask.causal(0), device == halves);
            Ran mine = run(device, text, "xattention", "threshold=0.6", tokens);
            Ran truth = run(processor, text, "xattention", "threshold=0.6", tokens);
            boolean few = tokens <= 8;
            assertThat(difference(mine.output, truth.output))
                    .isLessThanOrEqualTo(few ? 0 : device == halves ? HALVES : FLOATS);
            assertThat(mine.use.chosen()).isEqualTo(few ? 0 : 1);
            assertThat(mine.use.calls().detours())
                    .isEqualTo(few ? Map.of(Detour.FEW_QUERIES, 1L) : Map.of());
        }
    }

    @Test
    void stepsOfDecodingGoToTheProcessorAndAreCounted() {
        SparseCase text = text(120, AttentionMask.causal(0), true);
        Ran mine = run(halves, text, "recent", "", 90);
        Ran truth = run(processor, text, "recent", "", 90);
        assertThat(difference(mine.output, truth.output)).isLessThanOrEqualTo(HALVES);
        assertThat(mine.use.calls().detours()).isEqualTo(Map.of(Detour.SINGLE_QUERIES, 1L));
        assertThat(mine.use.calls().device()).isZero();
    }

    @Test
    void skippingByTheScoresGoesToTheProcessorAndIsCounted() {
        SparseCase text = text(120, AttentionMask.causal(0), true);
        Ran mine = run(halves, text, "blasst", "", 120);
        assertThat(mine.use.calls().detours()).isEqualTo(Map.of(Detour.SKIPPING, 1L));
        assertThat(mine.use.calls().detourWords()).isEqualTo("skipping by the scores (1)");
    }

    @Test
    void aWindowIsTheDevicesToo() {
        SparseCase text = text(400, AttentionMask.window(0, 150), true);
        Ran mine = run(halves, text, "xattention", "threshold=0.6", 400);
        Ran truth = run(processor, text, "xattention", "threshold=0.6", 400);
        assertThat(difference(mine.output, truth.output)).isLessThanOrEqualTo(HALVES);
        assertThat(mine.use.chosen()).isEqualTo(1);
    }

    @Test
    void headsWithMasksOfTheirOwnAreScoredOneByOneAndComputedByTheProcessor() {
        List<AttentionMask> masks = new ArrayList<>();
        for (int head = 0; head < HEADS; head++) {
            masks.add(head < 2 ? AttentionMask.causal(0) : AttentionMask.window(0, 100));
        }
        SparseCase one = text(300, AttentionMask.causal(0), true);
        SparseCase text = SparseCase.of(one.whole().withMasks(masks));
        Ran mine = run(halves, text, "xattention", "threshold=0.6", 300);
        Ran truth = run(processor, text, "xattention", "threshold=0.6", 300);
        assertThat(difference(mine.output, truth.output)).isLessThanOrEqualTo(HALVES);
        assertThat(mine.use.chosen()).isZero();
        assertThat(mine.use.scored()).isEqualTo(HEADS);
        assertThat(mine.use.calls().detours()).isEqualTo(Map.of(Detour.MASKS, 1L));
    }

    /** Thresholds from small to all, where rounding may move a block across. */
    @ParameterizedTest
    @CsvSource({"0.2", "0.35", "0.5", "0.65", "0.8", "0.95", "1"})
    void blocksReachTheThresholdAndNotOneMoreBeyondRounding(double threshold) {
        int tokens = 700;
        SparseCase text = text(tokens, AttentionMask.causal(0), false);
        AttentionInput input = text.whole();
        boolean[][] mine = kept(text, floats, "threshold=" + threshold);
        int blocks = Math.ceilDiv(tokens, BLOCK);
        float[] scores = new float[HEADS * blocks * blocks];
        try (AntidiagonalScores truth =
                new AntidiagonalScores(KernelProvider.lookup().kernels(), 1)) {
            AntidiagonalScores.Groups groups = new AntidiagonalScores.Groups(8, BLOCK, true, 0);
            truth.score(input, groups, scores, Progress.NONE);
        }
        for (int line = 0; line < HEADS * blocks; line++) {
            int row = line % blocks;
            float[] own = Arrays.copyOfRange(scores, line * blocks, (line + 1) * blocks);
            double total = 0;
            double held = 0;
            TreeSet<Double> ranked = new TreeSet<>();
            for (int column = 0; column <= row; column++) {
                total += own[column];
                held += mine[line][column] ? own[column] : 0;
                if (mine[line][column] && column > 0 && column < row) {
                    ranked.add((double) own[column]);
                }
            }
            assertThat(mine[line][0] && mine[line][row]).isTrue();
            assertThat(held).isGreaterThanOrEqualTo((threshold - ROUNDING) * total);
            if (!ranked.isEmpty()) {
                assertThat(held - ranked.first())
                        .isLessThanOrEqualTo((threshold + ROUNDING) * total);
            }
        }
    }

    /** Blocks that are kept, for each head and block row. */
    private static boolean[][] kept(SparseCase text, AttentionRunner runner, String given) {
        AttentionInput input = text.whole();
        int blocks = Math.ceilDiv(input.q().rows(), BLOCK);
        boolean[][] kept = new boolean[HEADS * blocks][blocks];
        PolicySite site =
                new PolicySite(0, Phase.PREFILL, input, 0, input.q().rows(), runner.scorer());
        try (Planner planner =
                policy("xattention").start(settings("xattention", given), text.run(1))) {
            Selection selection = planner.plan(site, Progress.NONE).kept().orElseThrow();
            for (int line = 0; line < kept.length; line++) {
                boolean[] own = kept[line];
                selection.runs(
                        Selection.Shape.of(input),
                        line / blocks,
                        line % blocks * BLOCK,
                        (from, to) ->
                                Arrays.fill(own, from / BLOCK, Math.ceilDiv(to, BLOCK), true));
            }
        }
        return kept;
    }

    @Test
    void aDeviceWithLittleMemoryChoosesHeadByHead(@TempDir Path folder) throws IOException {
        EmulatedDriver driver = new EmulatedDriver(80, 166_912);
        SparseCase text = text(300, AttentionMask.causal(0), true);
        Ran truth = run(processor, text, "xattention", "threshold=0.6", 300);
        try (CudaAttention small =
                new CudaAttention(
                        driver,
                        new EmulatedCompiler(folder),
                        Precision.FP16,
                        new Attention(KernelProvider.flashLookup().kernels(), 1))) {
            driver.limit(1L << 28);
            Ran mine = run(small, text, "xattention", "threshold=0.6", 300);
            assertThat(difference(mine.output, truth.output)).isLessThanOrEqualTo(HALVES);
            assertThat(mine.use.chosen()).isEqualTo(1);
            boolean[][] one = kept(text, small, "threshold=0.6");
            assertThat(one).isEqualTo(kept(text, halves, "threshold=0.6"));
        }
        assertThat(driver.blocks()).isZero();
    }

    @Test
    void whatTheDeviceDoesNotScoreIsScoredByTheProcessor() {
        SparseCase text = text(300, AttentionMask.causal(0), true);
        try (CudaAttention old =
                new CudaAttention(
                        new EmulatedDriver(75, 65_536),
                        (source, macros, capability) -> new byte[1],
                        Precision.FP16,
                        new Attention(KernelProvider.flashLookup().kernels(), 1))) {
            PolicySite site = new PolicySite(0, Phase.PREFILL, text.whole(), 0, 300, old.scorer());
            try (Planner planner =
                    policy("xattention").start(settings("xattention", ""), text.run(1))) {
                Plan mine = planner.plan(site, Progress.NONE);
                Plan truth = planner.plan(text.site(), Progress.NONE);
                for (int head = 0; head < HEADS; head++) {
                    assertThat(text.kept(mine, head)).isDeepEqualTo(text.kept(truth, head));
                }
            }
        }
    }
}
