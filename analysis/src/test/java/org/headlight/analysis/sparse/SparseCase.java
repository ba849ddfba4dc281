package org.headlight.analysis.sparse;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A site for tests of policies: random or text-like queries, keys and values, what a plan gives on
 * it, what it keeps, and the truth in double precision.
 */
public final class SparseCase {
    private final AttentionInput whole;
    private final Phase phase;
    private final int from;
    private final Optional<Rotary> rotary;

    private SparseCase(AttentionInput whole, Phase phase, int from, Optional<Rotary> rotary) {
        this.whole = whole;
        this.phase = phase;
        this.from = from;
        this.rotary = rotary;
    }

    /** A causal prefill of other numbers. */
    public static SparseCase of(AttentionInput input) {
        return new SparseCase(input, Phase.PREFILL, 0, Optional.empty());
    }

    /** A causal prefill of random numbers, values as wide as keys. */
    public static SparseCase random(int heads, int keyHeads, int tokens, int width, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return of(
                causal(
                        noise(random, heads, tokens, width, 2),
                        noise(random, keyHeads, tokens, width, 2),
                        noise(random, keyHeads, tokens, width, 1)));
    }

    /**
     * A causal prefill as of a text: every head has four keys that all queries like, neighbours
     * that resemble each other, and, by its number modulo 3, a place that it also looks at: a
     * distance back, some single keys, or the topic of 32 tokens that come again.
     */
    public static SparseCase text(int heads, int keyHeads, int tokens, int width, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] q = new float[heads * tokens * width];
        float[] k = new float[keyHeads * tokens * width];
        float[] drift = new float[width];
        float[][] topics = new float[8][width];
        for (float[] topic : topics) {
            fill(random, topic, 0, width, 1.5);
        }
        for (int head = 0; head < keyHeads; head++) {
            for (int row = 0; row < tokens; row++) {
                int at = (head * tokens + row) * width;
                fill(random, k, at, width, 0.7);
                for (int c = 0; c < width; c++) {
                    drift[c] = 0.95f * drift[c] + (float) random.nextDouble(-0.4, 0.4);
                    k[at + c] += drift[c] + topics[row / 32 * 5 % 8][c];
                }
                k[at] += row < 4 ? 8 : 0;
                k[at + 1] += row % 97 == 50 ? 8 : 0;
            }
        }
        for (int head = 0; head < heads; head++) {
            int keyHead = head / (heads / keyHeads);
            for (int row = 0; row < tokens; row++) {
                int at = (head * tokens + row) * width;
                int back = head % 3 == 0 ? Math.max(0, row - 45) : row;
                int key = (keyHead * tokens + back) * width;
                fill(random, q, at, width, 0.5);
                for (int c = 0; c < width; c++) {
                    q[at + c] += k[key + c] + (head % 3 == 2 ? topics[row / 32 * 5 % 8][c] : 0);
                }
                q[at] += 1.5f;
                q[at + 1] += head % 3 == 1 ? 2 : 0;
            }
        }
        return of(
                causal(
                        HeadArray.headsFirst(q, heads, tokens, width),
                        HeadArray.headsFirst(k, keyHeads, tokens, width),
                        noise(random, keyHeads, tokens, width, 1)));
    }

    /** Causal attention with the usual scale. */
    public static AttentionInput causal(HeadArray q, HeadArray k, HeadArray v) {
        float scale = (float) (1 / Math.sqrt(q.width()));
        return AttentionInput.of(q, k, v, scale, AttentionMask.causal(k.rows() - q.rows()));
    }

    /** Random numbers, heads first. */
    public static HeadArray noise(
            SplittableRandom random, int heads, int rows, int width, double spread) {
        float[] values = new float[heads * rows * width];
        fill(random, values, 0, values.length, spread);
        return HeadArray.headsFirst(values, heads, rows, width);
    }

    private static void fill(
            SplittableRandom random, float[] target, int at, int count, double spread) {
        for (int i = at; i < at + count; i++) {
            target[i] = (float) random.nextDouble(-spread, spread);
        }
    }

    /** The same text, its queries from a token on being steps of decoding. */
    public SparseCase decodingFrom(int token) {
        return new SparseCase(whole, Phase.DECODE, token, rotary);
    }

    /** The same with rotary positions. */
    public SparseCase withRotary(Rotary turning) {
        return new SparseCase(whole, phase, from, Optional.of(turning));
    }

    /** The same text, of which only the first tokens are there. */
    public SparseCase firstTokens(int tokens) {
        return new SparseCase(whole.part(0, tokens, tokens), phase, from, rotary);
    }

    /** Queries, keys and values of the whole text. */
    public AttentionInput whole() {
        return whole;
    }

    /** The site, of layer 0. */
    public PolicySite site() {
        return site(0);
    }

    /** The site, as that of some layer. */
    public PolicySite site(int layer) {
        return new PolicySite(layer, phase, whole, from, whole.q().rows());
    }

    /** What a policy knows of the run: two threads, the fastest kernels, no dense run. */
    public PolicyRun run(int layers) {
        int tokens = whole.q().rows();
        List<Token> text = new ArrayList<>();
        for (int i = 0; i < tokens; i++) {
            text.add(new Token(i, i, "t" + i, false));
        }
        SweepOptions sweep = new SweepOptions(KernelProvider.lookup().kernels(), 2, 1, Set.of());
        int prompt = phase == Phase.DECODE ? from : tokens;
        return new PolicyRun(layers, text, prompt, sweep, rotary, Optional.empty());
    }

    /** What a policy decides for the site as the only layer. */
    public Plan plan(Policy policy, Settings settings) {
        try (Planner planner = policy.start(settings, run(1))) {
            return planner.plan(site(), Progress.NONE);
        }
    }

    /** The output of a plan. */
    public AttentionOutput output(Plan plan) {
        AttentionInput input = site().input();
        AttentionOutput output =
                AttentionOutput.allocate(input.q().heads(), input.q().rows(), input.v().width());
        try (Attention attention = new Attention(KernelProvider.flashLookup().kernels(), 2)) {
            switch (plan) {
                case Plan.Selected selected ->
                        attention.run(input, selected.selection(), output, Progress.NONE);
                case Plan.Computed computed ->
                        computed.work()
                                .attend(
                                        input,
                                        (part, keys, target) ->
                                                attention.run(part, keys, target, Progress.NONE),
                                        output,
                                        Progress.NONE);
            }
        }
        return output;
    }

    /** The output of dense attention. */
    public AttentionOutput dense() {
        return output(new Plan.Selected(Selection.dense()));
    }

    /** The largest difference of two outputs in a number. */
    public static double difference(AttentionOutput one, AttentionOutput other) {
        double largest = 0;
        for (int head = 0; head < one.out().heads(); head++) {
            for (int row = 0; row < one.out().rows(); row++) {
                for (int d = 0; d < one.out().width(); d++) {
                    float a = one.out().values()[one.out().at(head, row) + d];
                    float b = other.out().values()[other.out().at(head, row) + d];
                    largest = Math.max(largest, Math.abs((double) a - b));
                }
            }
        }
        for (int i = 0; i < one.out().heads() * one.out().rows(); i++) {
            largest = Math.max(largest, Math.abs((double) one.lse()[i] - other.lse()[i]));
        }
        return largest;
    }

    /**
     * Which keys each query of a head uses: selected, and visible under the mask, [N][M] of the
     * phase.
     */
    public boolean[][] kept(Plan plan, int head) {
        AttentionInput input = site().input();
        Selection selection = plan.kept().orElseThrow();
        Selection.Shape shape = Selection.Shape.of(input);
        boolean[][] kept = new boolean[input.q().rows()][input.k().rows()];
        for (int row = 0; row < kept.length; row++) {
            boolean[] own = kept[row];
            int query = row;
            selection.runs(
                    shape,
                    head,
                    row,
                    (start, end) -> {
                        for (int key = start; key < Math.min(end, own.length); key++) {
                            own[key] = sees(input.mask(head), query, key);
                        }
                    });
        }
        return kept;
    }

    private static boolean sees(AttentionMask mask, int row, int key) {
        return key >= mask.firstKey(row)
                && key < mask.endKey(row)
                && (mask.unbiased() || !mask.masked(row, key));
    }

    /** Keys that are kept, of those that queries see, over all heads. */
    public double density(Plan plan) {
        double kept = 0;
        double seen = 0;
        AttentionInput input = site().input();
        for (int head = 0; head < input.q().heads(); head++) {
            boolean[][] own = kept(plan, head);
            for (int row = 0; row < own.length; row++) {
                for (int key = 0; key < own[row].length; key++) {
                    kept += own[row][key] ? 1 : 0;
                    seen += sees(input.mask(head), row, key) ? 1 : 0;
                }
            }
        }
        return kept / seen;
    }

    /** Scaled scores of a head, [N][M] of the phase; negative infinity where it does not look. */
    public double[][] scores(int head) {
        AttentionInput input = site().input();
        HeadArray q = input.q();
        HeadArray k = input.k();
        double[][] scores = new double[q.rows()][k.rows()];
        for (int row = 0; row < scores.length; row++) {
            for (int key = 0; key < scores[row].length; key++) {
                double sum = 0;
                for (int c = 0; c < q.width(); c++) {
                    sum +=
                            (double) q.values()[q.at(head, row) + c]
                                    * k.values()[k.at(input.keyHead(head), key) + c];
                }
                scores[row][key] =
                        sees(input.mask(head), row, key)
                                ? sum * input.scale()
                                : Double.NEGATIVE_INFINITY;
            }
        }
        return scores;
    }

    /** Softmax of {@link #scores}. */
    public double[][] map(int head) {
        double[][] map = scores(head);
        for (double[] row : map) {
            soften(row);
        }
        return map;
    }

    /** Softmax in place. */
    public static void soften(double[] row) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : row) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            row[i] = row[i] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(row[i] - max);
            sum += row[i];
        }
        for (int i = 0; i < row.length && sum > 0; i++) {
            row[i] /= sum;
        }
    }
}
