package org.headlight.analysis.sparse.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A random site whose queries and keys are known before the rotary embedding, so that a twin can
 * put them anywhere: pairs (i, i + D / 2), base 100, in doubles.
 */
public final class TurnedCase {
    static final double BASE = 100;

    public final int heads;
    public final int keyHeads;
    public final int tokens;
    public final int width;
    public final double[][][] q;
    public final double[][][] k;
    public final double[][][] v;
    public final AttentionInput whole;

    public TurnedCase(int heads, int keyHeads, int tokens, int width, long seed) {
        this.heads = heads;
        this.keyHeads = keyHeads;
        this.tokens = tokens;
        this.width = width;
        Random random = new Random(seed);
        q = noise(random, heads, 1.5);
        k = noise(random, keyHeads, 1);
        v = noise(random, keyHeads, 1);
        whole =
                AttentionInput.of(
                        turned(q),
                        turned(k),
                        plain(v),
                        (float) (1 / Math.sqrt(width)),
                        AttentionMask.causal(0));
    }

    private double[][][] noise(Random random, int count, double sigma) {
        double[][][] values = new double[count][tokens][width];
        for (double[][] head : values) {
            for (double[] row : head) {
                Arrays.setAll(row, d -> (float) (sigma * random.nextGaussian()));
            }
        }
        return values;
    }

    /** A row at a position, by the definition. */
    static double[] at(double[] row, double position) {
        double[] result = row.clone();
        int half = row.length / 2;
        for (int i = 0; i < half; i++) {
            double angle = position * Math.pow(BASE, -(double) i / half);
            result[i] = row[i] * Math.cos(angle) - row[i + half] * Math.sin(angle);
            result[i + half] = row[i + half] * Math.cos(angle) + row[i] * Math.sin(angle);
        }
        return result;
    }

    private HeadArray turned(double[][][] rows) {
        double[][][] result = new double[rows.length][tokens][];
        for (int head = 0; head < rows.length; head++) {
            for (int t = 0; t < tokens; t++) {
                result[head][t] = at(rows[head][t], t);
            }
        }
        return plain(result);
    }

    private HeadArray plain(double[][][] rows) {
        float[] values = new float[rows.length * tokens * width];
        int at = 0;
        for (double[][] head : rows) {
            for (double[] row : head) {
                for (double value : row) {
                    values[at++] = (float) value;
                }
            }
        }
        return HeadArray.headsFirst(values, rows.length, tokens, width);
    }

    /** The text with its first tokens only. */
    public TurnedCase shortened(int count) {
        return new TurnedCase(this, count);
    }

    private TurnedCase(TurnedCase other, int count) {
        heads = other.heads;
        keyHeads = other.keyHeads;
        tokens = count;
        width = other.width;
        q = other.q;
        k = other.k;
        v = other.v;
        whole = other.whole.part(0, count, count);
    }

    public PolicyRun run(int layers, int prompt) {
        return new PolicyRun(
                layers,
                List.of(),
                prompt,
                SweepOptions.standard().withThreads(2),
                Optional.of(PairRotary.halves(width, width, BASE)),
                Optional.empty());
    }

    public PolicySite site(int layer, Phase phase, int from, int to) {
        return new PolicySite(layer, phase, whole, from, to);
    }

    /** What a policy gives for a site, [H, to - from, D]. */
    public AttentionOutput output(Policy policy, Settings settings, int layers, PolicySite site) {
        try (Planner planner = policy.start(settings, run(layers, site.to()))) {
            return output(planner.plan(site, Progress.NONE), site);
        }
    }

    public static AttentionOutput output(Plan plan, PolicySite site) {
        AttentionInput input = site.input();
        AttentionOutput output =
                AttentionOutput.allocate(site.heads(), site.queries(), input.v().width());
        Arrays.fill(output.out().values(), Float.NaN);
        Arrays.fill(output.lse(), Float.NaN);
        try (Attention attention = new Attention(KernelProvider.flashBest(), 2)) {
            switch (plan) {
                case Plan.Selected selected ->
                        attention.run(input, selected.selection(), output, Progress.NONE);
                case Plan.Computed computed ->
                        computed.work()
                                .attend(
                                        input,
                                        (in, chosen, out) ->
                                                attention.run(in, chosen, out, Progress.NONE),
                                        output,
                                        Progress.NONE);
            }
        }
        return output;
    }

    public static AttentionOutput dense(PolicySite site) {
        return output(new Plan.Selected(Selection.dense()), site);
    }

    /** Where a query and a key sit when they meet; null where they do not. */
    interface Meeting {
        double[] positions(int head, int query, int key);
    }

    /** Attention where pairs meet at other positions, by the formula: Dv numbers, then the lse. */
    double[] naive(int head, int query, Meeting meeting) {
        int keyHead = head * keyHeads / heads;
        double[] scores = new double[query + 1];
        double max = Double.NEGATIVE_INFINITY;
        for (int key = 0; key <= query; key++) {
            double[] places = meeting.positions(head, query, key);
            scores[key] = Double.NEGATIVE_INFINITY;
            if (places.length == 2) {
                double[] a = at(q[head][query], places[0]);
                double[] b = at(k[keyHead][key], places[1]);
                double dot = 0;
                for (int d = 0; d < width; d++) {
                    dot += a[d] * b[d];
                }
                scores[key] = dot / Math.sqrt(width);
                max = Math.max(max, scores[key]);
            }
        }
        double[] result = new double[width + 1];
        double sum = 0;
        for (int key = 0; key <= query; key++) {
            double weight = Math.exp(scores[key] - max);
            sum += weight;
            for (int d = 0; d < width; d++) {
                result[d] += weight * v[keyHead][key][d];
            }
        }
        for (int d = 0; d < width; d++) {
            result[d] /= sum;
        }
        result[width] = max + Math.log(sum);
        return result;
    }

    /** Compares every row of an output with the twin. */
    void check(AttentionOutput output, PolicySite site, Meeting meeting, double tolerance) {
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < site.queries(); row++) {
                double[] truth = naive(head, site.from() + row, meeting);
                int at = output.out().at(head, row);
                for (int d = 0; d < width; d++) {
                    assertThat((double) output.out().values()[at + d])
                            .as("head %d, row %d, channel %d", head, row, d)
                            .isCloseTo(truth[d], within(tolerance));
                }
                assertThat((double) output.lse()[head * site.queries() + row])
                        .as("lse of head %d, row %d", head, row)
                        .isCloseTo(truth[width], within(tolerance));
            }
        }
    }

    public static void same(AttentionOutput a, AttentionOutput b, double tolerance) {
        for (int i = 0; i < b.out().values().length; i++) {
            assertThat((double) a.out().values()[i])
                    .as("number %d", i)
                    .isCloseTo(b.out().values()[i], within(tolerance));
        }
    }
}
