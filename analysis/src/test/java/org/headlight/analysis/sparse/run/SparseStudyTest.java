package org.headlight.analysis.sparse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** A band, which everybody can work out, on a model whose heads are known. */
class SparseStudyTest {
    private static final int N = 100;
    private static final int SINK = 2;
    private static final int WINDOW = 8;

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static Model model;

    @SuppressWarnings("NullAway.Init") // Run before all tests.
    private static DenseRun dense;

    private static final SparseOptions NO_ORACLE = new SparseOptions(true, false, Optional.empty());

    /** The first keys and a window. */
    private record BandPolicy(Phase phase, int sink, int window) implements Policy {
        @Override
        public PolicyInfo info() {
            return PolicyInfo.full(
                    "band",
                    "Band",
                    "nobody",
                    phase,
                    Unit.BAND,
                    "Keeps a band.",
                    Parameter.whole("window", "Last keys, w.", 8, 1, 1000));
        }

        @Override
        public Planner start(Settings settings, PolicyRun run) {
            return (site, progress) -> new Plan.Selected(Selection.band(sink, window));
        }
    }

    @BeforeAll
    static void open() {
        model = HandWiredModel.open(folder);
        dense = study().dense(tokens(), false, Progress.NONE);
    }

    @AfterAll
    static void close() {
        dense.close();
        model.close();
    }

    private static SparseStudy study() {
        return new SparseStudy(model, SweepOptions.standard(), Optional::empty);
    }

    private static List<Token> tokens() {
        int[] ids = IntStream.range(0, N).map(i -> 2 + (i * 7 + i / 9) % 50).toArray();
        return model.tokenizer().orElseThrow().describe(ids);
    }

    private static PolicyChoice band(Phase phase) {
        return PolicyChoice.preset(new BandPolicy(phase, SINK, WINDOW), N);
    }

    private static boolean kept(int row, int key) {
        return key <= row && (key < SINK || key > row - WINDOW);
    }

    /** Probabilities of a row of a captured head, in double. */
    private static double[] row(QkHead head, int row) {
        int width = head.q().cols();
        float[] q = new float[width];
        float[] k = new float[width];
        head.q().copyRows(row, row + 1, q, 0);
        double[] p = new double[row + 1];
        double sum = 0;
        for (int key = 0; key <= row; key++) {
            head.k().copyRows(key, key + 1, k, 0);
            double dot = 0;
            for (int d = 0; d < width; d++) {
                dot += (double) q[d] * k[d];
            }
            p[key] = Math.exp(dot * head.scale());
            sum += p[key];
        }
        for (int key = 0; key <= row; key++) {
            p[key] /= sum;
        }
        return p;
    }

    @Test
    void aPolicyThatKeepsEverythingChangesNothing() {
        PolicyChoice all = PolicyChoice.preset(new BandPolicy(Phase.BOTH, 0, N), N);
        SparseResult result =
                study().run(
                                dense,
                                80,
                                Assignment.everywhere(all),
                                SparseOptions.ALL,
                                Progress.NONE);
        EndToEnd end = result.endToEnd().orElseThrow();
        assertThat(end.kl()).isCloseTo(0, within(1e-6));
        assertThat(end.top1Agreement()).isEqualTo(1);
        assertThat(end.lossRatio()).isCloseTo(1, within(1e-6));
        assertThat(end.rows()).isEqualTo(21);
        assertThat(result.degenerate()).isTrue();
        assertThat(result.computed()).isGreaterThanOrEqualTo(1);
        assertThat(result.density()).isEqualTo(1);
        assertThat(result.worstLayerError()).isLessThan(1e-6);
        assertThat(result.heads()).hasSize(2 * 2 * 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 80, 100})
    void theFirstLayerKeepsWhatTheMapSays(int prompt) {
        SparseResult result =
                study().run(
                                dense,
                                prompt,
                                Assignment.everywhere(band(Phase.PREFILL)),
                                SparseOptions.ALL,
                                Progress.NONE);
        long keptPairs = 0;
        for (int row = 0; row < prompt; row++) {
            for (int key = 0; key <= row; key++) {
                keptPairs += kept(row, key) ? 1 : 0;
            }
        }
        double density = keptPairs / (prompt * (prompt + 1) / 2.0);
        try (Capture capture = model.capture(tokens(), Progress.NONE)) {
            for (int h = 0; h < HandWiredModel.HEADS; h++) {
                HeadFidelity found = result.heads().get(h);
                assertThat(found.head()).isEqualTo(HeadAddress.self(0, h));
                assertThat(found.phase()).isEqualTo(Phase.PREFILL);
                assertThat(found.density()).isCloseTo(density, within(1e-12));
                assertThat(found.computed()).isGreaterThanOrEqualTo(density);
                checkRecall(found, (QkHead) capture.sites().getFirst().heads().get(h), prompt);
            }
        }
    }

    private static void checkRecall(HeadFidelity found, QkHead head, int prompt) {
        List<Double> shares = new ArrayList<>();
        double rest = 0;
        int restRows = 0;
        double[] wrong = new double[2];
        for (int row = 0; row < prompt; row++) {
            double[] p = row(head, row);
            double share = 0;
            for (int key = 0; key <= row; key++) {
                share += kept(row, key) ? p[key] : 0;
            }
            addError(wrong, head, p, row, share);
            if (row >= SINK + WINDOW) {
                shares.add(share);
                if (1 - p[0] > 1e-6) {
                    rest += (share - p[0]) / (1 - p[0]);
                    restRows++;
                }
            }
        }
        shares.sort(null);
        double mean = shares.stream().mapToDouble(s -> s).average().orElseThrow();
        RecallShares recall = found.recall();
        assertThat(recall.rows()).isEqualTo(shares.size());
        assertThat(recall.mean()).isCloseTo(mean, within(1e-5));
        assertThat(recall.least()).isCloseTo(shares.getFirst(), within(1e-5));
        assertThat(recall.p5())
                .isCloseTo(shares.get((int) (0.05 * (shares.size() - 1))), within(1e-5));
        if (restRows > 0) {
            assertThat(recall.withoutSink()).isCloseTo(rest / restRows, within(2e-3));
        }
        assertThat(recall.oracle()).isGreaterThan(recall.mean() - 1e-5);
        assertThat(found.outputError()).isCloseTo(Math.sqrt(wrong[0] / wrong[1]), within(1e-4));
    }

    /** Adds the squares of what the output of a row loses, and of the output. */
    private static void addError(double[] sums, QkHead head, double[] p, int row, double share) {
        Matrix v = Objects.requireNonNull(head.v());
        float[] value = new float[v.cols()];
        double[] all = new double[v.cols()];
        double[] sparse = new double[v.cols()];
        for (int key = 0; key <= row; key++) {
            v.copyRows(key, key + 1, value, 0);
            for (int d = 0; d < value.length; d++) {
                all[d] += p[key] * value[d];
                sparse[d] += kept(row, key) ? p[key] / share * value[d] : 0;
            }
        }
        for (int d = 0; d < all.length; d++) {
            sums[0] += (sparse[d] - all[d]) * (sparse[d] - all[d]);
            sums[1] += all[d] * all[d];
        }
    }

    @Test
    void logitsAreThoseOfTheSameHeadsChangedOneByOne() {
        Set<HeadAddress> some =
                Set.of(HeadAddress.self(0, 2), HeadAddress.self(1, 0), HeadAddress.self(1, 1));
        SeamHooks hooks =
                SeamHooks.NONE.with(some, HeadHook.selecting(Selection.band(SINK, WINDOW)));
        Matrix was = logits(SeamHooks.NONE);
        Matrix now = logits(hooks);
        SparseResult result =
                study().run(
                                dense,
                                N,
                                Assignment.DENSE.with(some, band(Phase.PREFILL)),
                                NO_ORACLE,
                                Progress.NONE);
        assertThat(result.heads())
                .extracting(HeadFidelity::head)
                .containsExactlyInAnyOrderElementsOf(some);
        double kl = divergence(was, now, N - 1);
        assertThat(kl).isGreaterThan(0);
        assertThat(result.endToEnd().orElseThrow().kl()).isCloseTo(kl, within(1e-5 + 1e-3 * kl));
        assertThat(result.endToEnd().orElseThrow().lossDense()).isNaN();
    }

    @Test
    void lossIsThatOfTheContinuationAlone() {
        int prompt = 70;
        SparseResult result =
                study().run(
                                dense,
                                prompt,
                                Assignment.everywhere(band(Phase.DECODE)),
                                NO_ORACLE,
                                Progress.NONE);
        SeamHooks later = SeamHooks.NONE;
        for (int layer = 0; layer < HandWiredModel.LAYERS; layer++) {
            for (int head = 0; head < HandWiredModel.HEADS; head++) {
                later =
                        later.with(
                                HeadAddress.self(layer, head),
                                HeadHook.fromRow(
                                        prompt, HeadHook.selecting(Selection.band(SINK, WINDOW))));
            }
        }
        EndToEnd end = result.endToEnd().orElseThrow();
        assertThat(end.lossDense()).isCloseTo(loss(logits(SeamHooks.NONE), prompt), within(1e-4));
        assertThat(end.lossSparse()).isCloseTo(loss(logits(later), prompt), within(1e-4));
        assertThat(result.heads()).allMatch(head -> head.phase() == Phase.DECODE);
    }

    private static Matrix logits(SeamHooks hooks) {
        return model.run(tokens(), hooks, CutOutcome.Wanted.LOGITS, Progress.NONE)
                .logits()
                .orElseThrow();
    }

    private static double loss(Matrix logits, int prompt) {
        double sum = 0;
        for (int row = prompt - 1; row + 1 < N; row++) {
            sum -= Math.log(softmax(logits, row)[tokens().get(row + 1).id()]);
        }
        return sum / (N - prompt);
    }

    private static double divergence(Matrix was, Matrix now, int row) {
        double[] p = softmax(was, row);
        double[] q = softmax(now, row);
        double kl = 0;
        for (int i = 0; i < p.length; i++) {
            kl += p[i] * Math.log(p[i] / q[i]);
        }
        return kl;
    }

    private static double[] softmax(Matrix logits, int row) {
        float[] values = new float[logits.cols()];
        logits.copyRows(row, row + 1, values, 0);
        double[] p = new double[values.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(values[i]);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    @Test
    void aNeedleOutsideTheBandIsLost() {
        SparseOptions followed = NO_ORACLE.with(new SparseOptions.Needle(40, 44));
        SparseResult result =
                study().run(
                                dense,
                                80,
                                Assignment.everywhere(band(Phase.PREFILL)),
                                followed,
                                Progress.NONE);
        NeedleFate fate = result.needle().orElseThrow();
        assertThat(fate.heads()).isEqualTo(6);
        assertThat(fate.lostHeads()).isEqualTo(6);
        assertThat(fate.kept()).isZero();
        SparseOptions near = NO_ORACLE.with(new SparseOptions.Needle(70, 74));
        NeedleFate half =
                study().run(
                                dense,
                                80,
                                Assignment.everywhere(band(Phase.PREFILL)),
                                near,
                                Progress.NONE)
                        .needle()
                        .orElseThrow();
        // Row 79 sees keys 72 to 79 of its window.
        assertThat(half.kept()).isEqualTo(0.5);
        assertThat(half.lostHeads()).isZero();
    }

    @Test
    void theLastChoiceThatNamesAHeadHolds() {
        PolicyChoice all = band(Phase.BOTH);
        PolicyChoice steps = band(Phase.DECODE);
        HeadAddress head = HeadAddress.self(1, 2);
        Assignment assignment =
                Assignment.everywhere(all).with(1, steps).dense(Set.of(HeadAddress.self(1, 0)));
        assertThat(assignment.of(head, Phase.PREFILL)).contains(all);
        assertThat(assignment.of(head, Phase.DECODE)).contains(steps);
        assertThat(assignment.of(HeadAddress.self(1, 0), Phase.PREFILL)).isEmpty();
        assertThat(assignment.of(HeadAddress.self(0, 0), Phase.DECODE)).contains(all);
    }

    @Test
    void aPromptThatDoesNotFitIsSaid() {
        assertThatThrownBy(
                        () -> study().run(dense, 101, Assignment.DENSE, NO_ORACLE, Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "A prompt of 101 tokens does not fit a text of 100; expected 1 to 100.");
    }

    @Test
    void theFrontIsWhatNoOtherBeats() {
        List<PolicyChoice> choices = new ArrayList<>();
        for (int window : new int[] {4, 16, 60}) {
            choices.add(PolicyChoice.preset(new BandPolicy(Phase.PREFILL, 1, window), N));
        }
        // Dearer than a window of 60, and no better, since a window of N is dense already.
        choices.add(PolicyChoice.preset(new BandPolicy(Phase.PREFILL, 1, 2 * N), N));
        choices.add(PolicyChoice.preset(new BandPolicy(Phase.PREFILL, 1, 3 * N), N));
        List<FrontierPoint> points =
                Frontier.run(study(), dense, 80, choices, NO_ORACLE, point -> {}, Progress.NONE);
        List<FrontierPoint> best =
                Frontier.best(points, FrontierPoint.Cost.DENSITY, FrontierPoint.Loss.MISSED);
        assertThat(points).hasSize(5);
        for (FrontierPoint point : points) {
            boolean beaten =
                    points.stream()
                            .anyMatch(p ->
                                    p.result().density() <= point.result().density()
                                            && missed(p) <= missed(point)
                                            && (p.result().density() < point.result().density()
                                                    || missed(p) < missed(point)));
            assertThat(best.contains(point)).isEqualTo(!beaten);
        }
        assertThat(best).contains(points.getFirst());
    }

    private static double missed(FrontierPoint point) {
        return point.loss(FrontierPoint.Loss.MISSED);
    }

    @Test
    void aSweepThatIsCancelledHasToldThePointsSoFar() {
        List<PolicyChoice> choices = new ArrayList<>();
        for (int window : new int[] {4, 16, 60}) {
            choices.add(PolicyChoice.preset(new BandPolicy(Phase.PREFILL, 1, window), N));
        }
        List<FrontierPoint> told = new ArrayList<>();
        Progress progress =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        return told.size() == 2;
                    }
                };
        assertThatThrownBy(() ->
                        Frontier.run(study(), dense, 80, choices, NO_ORACLE, told::add, progress))
                .isInstanceOf(CancelledException.class);
        assertThat(told)
                .extracting(FrontierPoint::choice)
                .containsExactly(choices.get(0), choices.get(1));
        assertThat(told).allMatch(point -> point.result().heads().size() == 6);
    }

    @Test
    void aDecodePolicyIsHeldAgainstDenseStepsAndAPrefillPolicyIsNot() {
        Assignment decode = Assignment.everywhere(band(Phase.DECODE));
        SparseResult result = study().run(dense, 80, decode, NO_ORACLE, Progress.NONE);
        DenseSteps steps = result.times().steps().orElseThrow();
        // The prompt as in the dense run; each step reads each of its keys once for each head.
        long perKey = 4L * widths();
        long heads = (long) HandWiredModel.LAYERS * HandWiredModel.HEADS;
        long dropped = 0;
        for (int row = 80; row < N; row++) {
            for (int key = 0; key <= row; key++) {
                dropped += kept(row, key) ? 0 : 1;
            }
        }
        assertThat(steps.bytes() - result.bytesRead()).isEqualTo(heads * dropped * perKey);
        assertThat(steps.decode()).isBetween(0.0, steps.attend());
        assertThat(result.times().decode())
                .isBetween(0.0, result.times().select() + result.times().attend());
        assertThat(result.times().denseLike()).isEqualTo(steps.attend());
        // The same steps stand beside other decode policies over the same text and prompt.
        SparseResult other =
                study().run(
                                dense,
                                80,
                                Assignment.everywhere(band(Phase.BOTH)),
                                NO_ORACLE,
                                Progress.NONE);
        assertThat(other.times().steps()).contains(steps);
        SparseResult prefill =
                study().run(
                                dense,
                                80,
                                Assignment.everywhere(band(Phase.PREFILL)),
                                NO_ORACLE,
                                Progress.NONE);
        assertThat(prefill.times().steps()).isEmpty();
        assertThat(prefill.times().decodeSpeedup()).isNaN();
        assertThat(prefill.times().denseLike()).isEqualTo(dense.attend());
    }

    /** Numbers of a key and its value. */
    private static int widths() {
        try (Capture capture = model.capture(tokens(), Progress.NONE)) {
            QkHead head = (QkHead) capture.sites().getFirst().heads().getFirst();
            return head.k().cols() + Objects.requireNonNull(head.v()).cols();
        }
    }

    @Test
    void theKnobIsTurnedAroundThePreset() {
        Policy policy = new BandPolicy(Phase.PREFILL, 1, 8);
        assertThat(Frontier.sweep(policy, N))
                .extracting(choice -> choice.settings().whole("window"))
                .containsExactly(2, 4, 8, 16, 32);
    }
}
