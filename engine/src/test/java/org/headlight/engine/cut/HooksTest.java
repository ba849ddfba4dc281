package org.headlight.engine.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Every hook against attention in double, written out. */
class HooksTest {
    private static final int HEADS = 4;
    private static final int KEY_HEADS = 2;
    private static final int DEPTH = 8;
    private static final int WIDTH = 5;
    private static final int[] LENGTHS = {1, 2, 63, 64, 65, 130};

    /** What becomes of the probabilities of a row. */
    private interface Change {
        void row(double[] p, int row);
    }

    private static float[] random(long seed, int count, double size) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * size);
        }
        return values;
    }

    private static AttentionInput input(int length, AttentionMask mask) {
        return AttentionInput.of(
                HeadArray.headsFirst(random(1, HEADS * length * DEPTH, 2), HEADS, length, DEPTH),
                HeadArray.headsFirst(
                        random(2, KEY_HEADS * length * DEPTH, 2), KEY_HEADS, length, DEPTH),
                HeadArray.headsFirst(
                        random(3, KEY_HEADS * length * WIDTH, 1), KEY_HEADS, length, WIDTH),
                0.7f,
                mask);
    }

    private static double[] probabilities(AttentionInput input, int head, int row) {
        int keys = input.k().rows();
        double[] scores = new double[keys];
        AttentionMask mask = input.mask(head);
        double max = input.sink(head);
        for (int key = 0; key < keys; key++) {
            double dot = 0;
            for (int d = 0; d < DEPTH; d++) {
                dot +=
                        (double) input.q().values()[input.q().at(head, row) + d]
                                * input.k().values()[input.k().at(input.keyHead(head), key) + d];
            }
            double score = dot * input.scale();
            double cap = input.softCap();
            scores[key] = (cap > 0 ? cap * Math.tanh(score / cap) : score) + mask.bias(row, key);
            max = Math.max(max, scores[key]);
        }
        double sum = Math.exp(input.sink(head) - max);
        for (int key = 0; key < keys; key++) {
            scores[key] = Math.exp(scores[key] - max);
            sum += scores[key];
        }
        for (int key = 0; key < keys; key++) {
            scores[key] /= sum;
        }
        return scores;
    }

    /** Largest difference between a hooked head 1, the other heads, and their definition. */
    private static double off(AttentionInput input, SeamHooks hooks, Change change) {
        int length = input.q().rows();
        AttentionOutput output = AttentionOutput.allocate(HEADS, length, WIDTH);
        try (SeamAttention seam =
                new SeamAttention(new Attention(KernelProvider.flashScalar(), 2))) {
            seam.run(3, SiteKind.SELF, input, hooks, output, Progress.NONE);
        }
        double largest = 0;
        for (int head = 0; head < HEADS; head++) {
            for (int row = 0; row < length; row++) {
                double[] p = probabilities(input, head, row);
                if (head == 1) {
                    change.row(p, row);
                }
                for (int d = 0; d < WIDTH; d++) {
                    double sum = 0;
                    for (int key = 0; key < p.length; key++) {
                        int at = input.v().at(input.keyHead(head), key);
                        sum += p[key] * input.v().values()[at + d];
                    }
                    float mine = output.out().values()[output.out().at(head, row) + d];
                    double now = Math.abs(sum - mine);
                    largest = Double.isNaN(now) ? 1e9 : Math.max(largest, now);
                }
            }
        }
        return largest;
    }

    private static SeamHooks on(HeadHook hook) {
        return SeamHooks.NONE.with(HeadAddress.self(3, 1), hook);
    }

    private static List<AttentionMask> masks(int length) {
        return List.of(
                AttentionMask.causal(0),
                AttentionMask.full(length),
                AttentionMask.window(0, 7),
                new Sloped());
    }

    /** Causal, falling with the distance, every third key before the own one hidden. */
    private static final class Sloped implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return row + 1;
        }

        @Override
        public boolean unbiased() {
            return false;
        }

        @Override
        public float bias(int row, int col) {
            boolean hidden = col > row || (row - col) % 3 == 2;
            return hidden ? MASKED : -0.1f * (row - col);
        }

        @Override
        public boolean causal() {
            return true;
        }
    }

    @Test
    void aSilentHeadGivesNothingAndTheOthersStay() {
        for (int length : LENGTHS) {
            for (AttentionMask mask : masks(length)) {
                assertThat(
                                off(
                                        input(length, mask),
                                        on(HeadHook.silent()),
                                        (p, row) -> Arrays.fill(p, 0)))
                        .isLessThan(1e-5);
            }
        }
    }

    @Test
    void aUniformHeadGivesTheMeanOfWhatItSees() {
        for (int length : LENGTHS) {
            for (AttentionMask mask : masks(length)) {
                Change uniform =
                        (p, row) -> {
                            int seen = 0;
                            for (int key = 0; key < p.length; key++) {
                                boolean sees = mask.bias(row, key) > AttentionMask.MASKED;
                                p[key] = sees ? 1 : 0;
                                seen += sees ? 1 : 0;
                            }
                            for (int key = 0; key < p.length; key++) {
                                p[key] /= Math.max(1, seen);
                            }
                        };
                assertThat(off(input(length, mask), on(HeadHook.uniform()), uniform))
                        .isLessThan(1e-5);
            }
        }
    }

    @Test
    void aHookFromARowOnLeavesTheRowsBeforeAsTheyAre() {
        for (int length : LENGTHS) {
            for (int from : new int[] {0, length / 2, length - 1, length}) {
                AttentionInput input = input(length, AttentionMask.causal(0));
                Change later =
                        (p, row) -> {
                            if (row >= from) {
                                Arrays.fill(p, 0, row + 1, 1.0 / (row + 1));
                            }
                        };
                HeadHook hook = HeadHook.fromRow(from, HeadHook.uniform());
                assertThat(off(input, on(hook), later)).isLessThan(1e-5);
            }
        }
    }

    private static Change scaled(Map<Integer, Float> factors, ColumnScale.Rest rest) {
        return (p, row) -> {
            double[] original = p.clone();
            double before = Arrays.stream(p).sum();
            double others = 0;
            double scaled = 0;
            for (int key = 0; key < p.length; key++) {
                if (factors.containsKey(key)) {
                    p[key] *= factors.get(key);
                    scaled += p[key];
                } else {
                    others += p[key];
                }
            }
            if (rest == ColumnScale.Rest.OTHERS && others == 0) {
                System.arraycopy(original, 0, p, 0, p.length);
                return;
            }
            for (int key = 0; key < p.length; key++) {
                boolean mine = factors.containsKey(key);
                p[key] =
                        switch (rest) {
                            case UNCHANGED -> p[key];
                            case ROW -> others + scaled == 0 ? 0 : p[key] / (others + scaled);
                            case OTHERS -> mine ? p[key] : p[key] * (before - scaled) / others;
                        };
            }
        };
    }

    @Test
    void chosenColumnsAreScaledAndTheRestOfTheRowFollows() {
        Map<Integer, Float> factors = Map.of(0, 0.25f, 3, 0f, 64, 0.5f, 1_000, 2f / 4);
        for (int length : LENGTHS) {
            for (AttentionMask mask : masks(length)) {
                for (ColumnScale.Rest rest : ColumnScale.Rest.values()) {
                    assertThat(
                                    off(
                                            input(length, mask),
                                            on(new ColumnScale(factors, rest)),
                                            scaled(factors, rest)))
                            .as("%s at %d", rest, length)
                            .isLessThan(1e-5);
                }
            }
        }
    }

    @Test
    void softCapsAndSinkLogitsStayInScaledRows() {
        Map<Integer, Float> factors = Map.of(0, 3f, 5, 0.1f);
        for (int length : LENGTHS) {
            AttentionInput input =
                    input(length, AttentionMask.causal(0))
                            .withSoftCap(2)
                            .withSinks(0.5f, 1.5f, -1, Float.NEGATIVE_INFINITY);
            assertThat(
                            off(
                                    input,
                                    on(new ColumnScale(factors, ColumnScale.Rest.UNCHANGED)),
                                    scaled(factors, ColumnScale.Rest.UNCHANGED)))
                    .isLessThan(1e-5);
        }
    }

    /** Subtracting the sink's share from the whole row would leave nothing but rounding. */
    @Test
    void aSinkThatTakesTheWholeRowIsTakenOutExactly() {
        int length = 40;
        float[] q = random(4, HEADS * length * DEPTH, 0.3);
        float[] k = random(5, KEY_HEADS * length * DEPTH, 0.3);
        for (int i = 0; i < q.length; i += DEPTH) {
            q[i] = 30;
        }
        for (int h = 0; h < KEY_HEADS; h++) {
            k[h * length * DEPTH] = 1;
            for (int key = 1; key < length; key++) {
                k[(h * length + key) * DEPTH] = 0;
            }
        }
        AttentionInput input =
                AttentionInput.of(
                        HeadArray.headsFirst(q, HEADS, length, DEPTH),
                        HeadArray.headsFirst(k, KEY_HEADS, length, DEPTH),
                        HeadArray.headsFirst(
                                random(6, KEY_HEADS * length * WIDTH, 1), KEY_HEADS, length, WIDTH),
                        1,
                        AttentionMask.causal(0));
        assertThat(probabilities(input, 1, 20)[0]).isGreaterThan(0.99999999);
        Map<Integer, Float> none = Map.of(0, 0f);
        assertThat(
                        off(
                                input,
                                on(new ColumnScale(none, ColumnScale.Rest.ROW)),
                                scaled(none, ColumnScale.Rest.ROW)))
                .isLessThan(1e-5);
    }

    @Test
    void twoScalesOfOneHeadFollowEachOther() {
        Map<Integer, Float> first = Map.of(1, 0.5f, 4, 3f);
        Map<Integer, Float> second = Map.of(0, 0.2f, 4, 0.5f);
        SeamHooks both =
                on(new ColumnScale(first, ColumnScale.Rest.UNCHANGED))
                        .with(
                                HeadAddress.self(3, 1),
                                new ColumnScale(Map.of(0, 0.2f), ColumnScale.Rest.UNCHANGED));
        assertThat(
                        off(
                                input(65, AttentionMask.causal(0)),
                                both,
                                (p, row) -> {
                                    // Without a renormalisation the rest of a row is not that of
                                    // the changed one but of the kept keys of the first.
                                    double all = Arrays.stream(p).sum();
                                    assertThat(all).isBetween(0.999, 1.001);
                                    composed(p, first);
                                }))
                .isLessThan(1e-5);
        assertThat(second).containsKey(4);
    }

    /** Key 0 is taken out, the first hook works on the rest, and the two are joined. */
    private static void composed(double[] p, Map<Integer, Float> first) {
        for (Map.Entry<Integer, Float> entry : first.entrySet()) {
            if (entry.getKey() < p.length) {
                p[entry.getKey()] *= entry.getValue();
            }
        }
        p[0] *= 0.2f;
    }

    @Test
    void aPolicyWorksOnTheKeysThatItSelects() {
        Change band =
                (p, row) -> {
                    double sum = 0;
                    for (int key = 0; key < p.length; key++) {
                        p[key] = key < 2 || key > row - 9 ? p[key] : 0;
                        sum += p[key];
                    }
                    for (int key = 0; key < p.length; key++) {
                        p[key] /= sum;
                    }
                };
        assertThat(
                        off(
                                input(130, AttentionMask.causal(0)),
                                on(HeadHook.selecting(Selection.band(2, 9))),
                                band))
                .isLessThan(1e-5);
    }

    @Test
    void keptKeysKnowWhereTheyCameFrom() {
        KeptKeys kept = KeptKeys.all(10).without(java.util.Set.of(0, 3, 4, 9, 12));
        assertThat(kept.count()).isEqualTo(6);
        int[] positions = {1, 2, 5, 6, 7, 8};
        for (int i = 0; i < positions.length; i++) {
            assertThat(kept.position(i)).isEqualTo(positions[i]);
            assertThat(kept.index(positions[i])).isEqualTo(i);
            assertThat(kept.has(positions[i])).isTrue();
        }
        assertThat(kept.has(3)).isFalse();
        assertThat(kept.index(3)).isEqualTo(2);
        assertThat(kept.index(10)).isEqualTo(6);
    }

    @Test
    void factorsThatMakeNoProbabilitiesAreRefused() {
        assertThatThrownBy(() -> new ColumnScale(Map.of(2, -1f), ColumnScale.Rest.ROW))
                .hasMessage("the factor of key 2 is -1.0");
        assertThatThrownBy(() -> new ColumnScale(Map.of(2, 1.5f), ColumnScale.Rest.OTHERS))
                .hasMessage("the factor of key 2 is 1.5");
    }
}
