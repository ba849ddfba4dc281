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

/**
 * The first keys and a window for the queries from the prompt's end on, in plain loops over
 * doubles: what the sparse command is held against.
 */
final class NaiveSparseRun implements SiteHook {
    private final int prompt;
    private final int sink;
    private final int window;
    private boolean sparse = true;
    private double shares;
    private double rest;
    private double least = 1;
    private int rows;
    private double worst;

    NaiveSparseRun(int prompt, int sink, int window) {
        this.prompt = prompt;
        this.sink = sink;
        this.window = window;
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
        double wrong = 0;
        double all = 0;
        for (int head = 0; head < input.q().heads(); head++) {
            for (int row = 0; row < n; row++) {
                double[] full = new double[width];
                double[] some = new double[width];
                row(input, head, row, full, some);
                double[] used = sparse && row >= prompt ? some : full;
                for (int d = 0; d < width; d++) {
                    output.out().values()[output.out().at(head, row) + d] = (float) used[d];
                    if (sparse && row >= prompt) {
                        wrong += (some[d] - full[d]) * (some[d] - full[d]);
                        all += full[d] * full[d];
                    }
                }
            }
        }
        worst = all == 0 ? worst : Math.max(worst, Math.sqrt(wrong / all));
    }

    private void row(AttentionInput input, int head, int row, double[] full, double[] some) {
        double[] p = new double[row + 1];
        double sum = 0;
        for (int key = 0; key <= row; key++) {
            double score = 0;
            for (int d = 0; d < input.q().width(); d++) {
                score +=
                        (double) input.q().values()[input.q().at(head, row) + d]
                                * input.k().values()[input.k().at(input.keyHead(head), key) + d];
            }
            p[key] = Math.exp(score * input.scale());
            sum += p[key];
        }
        double kept = 0;
        for (int key = 0; key <= row; key++) {
            p[key] /= sum;
            kept += key < sink || key > row - window ? p[key] : 0;
        }
        for (int key = 0; key <= row; key++) {
            boolean own = key < sink || key > row - window;
            for (int d = 0; d < full.length; d++) {
                double v = input.v().values()[input.v().at(input.keyHead(head), key) + d];
                full[d] += p[key] * v;
                some[d] += own ? p[key] / kept * v : 0;
            }
        }
        if (sparse && row >= prompt) {
            shares += kept;
            least = Math.min(least, kept);
            rest += (kept - p[0]) / (1 - p[0]);
            rows++;
        }
    }

    double recall() {
        return shares / rows;
    }

    double recallWithoutSink() {
        return rest / rows;
    }

    double least() {
        return least;
    }

    /** The error of the worst layer. */
    double worst() {
        return worst;
    }
}
