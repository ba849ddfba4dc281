package org.headlight.app.cli;

import org.headlight.assets.Assets;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.cut.SiteCall;
import org.headlight.engine.cut.SiteHook;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.source.Source;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * A run by a rule of which keys count, in plain loops over doubles: what the sparse command is held
 * against.
 */
final class NaiveSparseRun implements SiteHook {
    private final int prompt;
    private final Rule rule;
    private boolean sparse = true;
    private double shares;
    private double rest;
    private double least = 1;
    private int rows;
    private int restRows;
    private final long[] kept = new long[2];
    private final long[] visible = new long[2];
    private double worst;

    /** Which queries are sparse, and what they see. */
    interface Rule {

        /** Whether the query of a row has fewer keys. */
        boolean acts(int row);

        /** Scores of keys [0, row] in nats; negative infinity for those that are left out. */
        double[] scores(AttentionInput input, int head, int row);
    }

    /**
     * @param prompt tokens of the prompt
     */
    NaiveSparseRun(int prompt, Rule rule) {
        this.prompt = prompt;
        this.rule = rule;
    }

    /** The first keys and a window for the queries from the prompt's end on. */
    NaiveSparseRun(int prompt, int sink, int window) {
        this(prompt, keeping(row -> row >= prompt, (row, key) -> key < sink || key > row - window));
    }

    /** Which keys a query has. */
    interface Kept {
        boolean key(int row, int key);
    }

    /** Some keys for some queries. */
    static Rule keeping(IntPredicate acts, Kept kept) {
        return new Rule() {
            @Override
            public boolean acts(int row) {
                return acts.test(row);
            }

            @Override
            public double[] scores(AttentionInput input, int head, int row) {
                double[] scores = new double[row + 1];
                for (int key = 0; key <= row; key++) {
                    scores[key] =
                            kept.key(row, key)
                                    ? score(input, head, row, key)
                                    : Double.NEGATIVE_INFINITY;
                }
                return scores;
            }
        };
    }

    /** The score of a pair. */
    static double score(AttentionInput input, int head, int row, int key) {
        double score = 0;
        for (int d = 0; d < input.q().width(); d++) {
            score +=
                    (double) input.q().values()[input.q().at(head, row) + d]
                            * input.k().values()[input.k().at(input.keyHead(head), key) + d];
        }
        return score * input.scale();
    }

    /** What is measured over logits. */
    record Logits(int tokens, double kl, double agreement, double lossRatio) {}

    /** Runs the embedded example densely and sparsely. */
    Logits run(String text) {
        Source source =
                Sources.open(
                        new Assets().demoModelFolder(), SourceOptions.defaults(), Progress.NONE);
        try (Model model = ((Source.ModelSource) source).model()) {
            List<Token> tokens = model.tokenizer().orElseThrow().encode(text);
            sparse = false;
            double[][] dense = logits(model, tokens);
            sparse = true;
            double[][] now = logits(model, tokens);
            return compare(tokens, dense, now);
        }
    }

    private double[][] logits(Model model, List<Token> tokens) {
        Matrix logits =
                model.run(
                                tokens,
                                SeamHooks.NONE.with(this),
                                CutOutcome.Wanted.LOGITS,
                                Progress.NONE)
                        .logits()
                        .orElseThrow();
        double[][] all = new double[logits.rows()][logits.cols()];
        for (int r = 0; r < logits.rows(); r++) {
            float[] row = new float[logits.cols()];
            logits.copyRows(r, r + 1, row, 0);
            double sum = 0;
            for (float x : row) {
                sum += Math.exp(x);
            }
            for (int c = 0; c < row.length; c++) {
                all[r][c] = row[c] - Math.log(sum);
            }
        }
        return all;
    }

    private Logits compare(List<Token> tokens, double[][] was, double[][] now) {
        double kl = 0;
        double same = 0;
        double lossWas = 0;
        double lossNow = 0;
        int n = tokens.size();
        for (int row = prompt - 1; row < n; row++) {
            int bestWas = 0;
            int bestNow = 0;
            for (int c = 0; c < was[row].length; c++) {
                kl += Math.exp(was[row][c]) * (was[row][c] - now[row][c]);
                bestWas = was[row][c] > was[row][bestWas] ? c : bestWas;
                bestNow = now[row][c] > now[row][bestNow] ? c : bestNow;
            }
            same += bestWas == bestNow ? 1 : 0;
            if (row + 1 < n) {
                lossWas -= was[row][tokens.get(row + 1).id()];
                lossNow -= now[row][tokens.get(row + 1).id()];
            }
        }
        int count = n - prompt + 1;
        return new Logits(n, kl / count, same / count, lossNow / lossWas);
    }

    @Override
    public void attend(SiteCall site, SiteAttend kernels, AttentionOutput output) {
        AttentionInput input = site.input();
        int n = input.q().rows();
        int width = input.v().width();
        double[] wrong = new double[2];
        double[] all = new double[2];
        for (int head = 0; head < input.q().heads(); head++) {
            for (int row = 0; row < n; row++) {
                double[] full = new double[width];
                double[] some = new double[width];
                row(input, head, row, full, some);
                boolean own = sparse && rule.acts(row);
                double[] used = own ? some : full;
                for (int d = 0; d < width; d++) {
                    output.out().values()[output.out().at(head, row) + d] = (float) used[d];
                    if (own) {
                        wrong[row < prompt ? 0 : 1] += (some[d] - full[d]) * (some[d] - full[d]);
                        all[row < prompt ? 0 : 1] += full[d] * full[d];
                    }
                }
            }
        }
        for (int phase = 0; phase < 2; phase++) {
            if (all[phase] > 0) {
                worst = Math.max(worst, Math.sqrt(wrong[phase] / all[phase]));
            }
        }
    }

    private void row(AttentionInput input, int head, int row, double[] full, double[] some) {
        double[] scores = new double[row + 1];
        for (int key = 0; key <= row; key++) {
            scores[key] = score(input, head, row, key);
        }
        double[] p = softmax(scores);
        add(input, head, p, full);
        if (!sparse || !rule.acts(row)) {
            return;
        }
        double[] chosen = rule.scores(input, head, row);
        add(input, head, softmax(chosen), some);
        double share = 0;
        int keys = 0;
        for (int key = 0; key <= row; key++) {
            boolean has = chosen[key] > Double.NEGATIVE_INFINITY;
            share += has ? p[key] : 0;
            keys += has ? 1 : 0;
        }
        int phase = row < prompt ? 0 : 1;
        kept[phase] += keys;
        visible[phase] += row + 1;
        if (keys <= row) {
            shares += share;
            least = Math.min(least, share);
            rows++;
            if (1 - p[0] > 1e-6) {
                double held = chosen[0] > Double.NEGATIVE_INFINITY ? p[0] : 0;
                rest += (share - held) / (1 - p[0]);
                restRows++;
            }
        }
    }

    private static double[] softmax(double[] scores) {
        double[] p = new double[scores.length];
        double most = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            most = Math.max(most, score);
        }
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(scores[i] - most);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }

    private static void add(AttentionInput input, int head, double[] p, double[] target) {
        for (int key = 0; key < p.length; key++) {
            int at = input.v().at(input.keyHead(head), key);
            for (int d = 0; d < target.length && p[key] > 0; d++) {
                target[d] += p[key] * input.v().values()[at + d];
            }
        }
    }

    /** Kept over visible pairs, the mean of the phases that have sparse queries. */
    double density() {
        double sum = 0;
        int phases = 0;
        for (int phase = 0; phase < 2; phase++) {
            sum += visible[phase] > 0 ? (double) kept[phase] / visible[phase] : 0;
            phases += visible[phase] > 0 ? 1 : 0;
        }
        return sum / phases;
    }

    double recall() {
        return shares / rows;
    }

    double recallWithoutSink() {
        return rest / restRows;
    }

    double least() {
        return least;
    }

    /** The error of the worst layer and phase. */
    double worst() {
        return worst;
    }
}
