package org.headlight.app.cli.bench;

import com.google.gson.JsonObject;

import org.headlight.analysis.antidiagonal.BlockMass;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.analysis.antidiagonal.ScoreVariant;
import org.headlight.analysis.antidiagonal.SelectionRule;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.app.xattention.BlockWork;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How long the blocks of one head take from a change of a control until they can be painted: what
 * the window does in the background, by the same code.
 */
public final class RedrawRun {
    private static final int REPEATS = 21;
    private static final long WARM = 20_000_000_000L;

    /** Measures a head of a model on some tokens. */
    public JsonObject run(Path source, List<Token> tokens, int layer, int head) {
        SweepOptions sweep = SweepOptions.standard();
        JsonObject json = new JsonObject();
        json.addProperty("tokens", tokens.size());
        try (Model model = OnnxModels.open(source, ModelOptions.defaults(), Progress.NONE);
                Capture capture = model.capture(tokens, Progress.NONE)) {
            sweep.kernels().startWarmUp();
            new Redraw(capture.sites().get(layer), head, new BlockWork(sweep, 0)).run(sweep, json);
        }
        return json;
    }

    /** One head whose controls are turned. */
    private static final class Redraw {
        private final SiteCapture site;
        private final int head;
        private final BlockWork work;
        private final BlockMass mass;

        Redraw(SiteCapture site, int head, BlockWork work) {
            this.site = site;
            this.head = head;
            this.work = work;
            this.mass = work.mass(site.heads().get(head), Progress.NONE);
        }

        void run(SweepOptions sweep, JsonObject json) {
            XAttentionOptions usual = XAttentionOptions.defaults();
            List<XAttentionOptions> all =
                    List.of(
                            usual.withStride(4),
                            usual.withStride(8),
                            usual.withStride(16),
                            usual.withBlock(64),
                            usual.withVariant(ScoreVariant.DIAGONAL));
            long end = System.nanoTime() + WARM;
            do {
                all.forEach(options -> draw(options, null));
            } while (!sweep.kernels().warm() && System.nanoTime() < end);
            BlockTable known = draw(usual, null).scores();
            json.addProperty(
                    "thresholdMillis",
                    median(i -> draw(usual.withThreshold(0.85 + 0.005 * i), known)));
            json.addProperty(
                    "ruleMillis",
                    median(i ->
                            draw(
                                    usual.withRule(
                                            i % 2 == 0
                                                    ? SelectionRule.REFERENCE
                                                    : SelectionRule.MINIMAL),
                                    known)));
            for (int stride : new int[] {4, 8, 16}) {
                XAttentionOptions options = usual.withStride(stride);
                json.addProperty("stride" + stride + "Millis", median(i -> draw(options, null)));
            }
            for (int block : new int[] {32, 64, 128}) {
                XAttentionOptions options = usual.withBlock(block);
                json.addProperty("block" + block + "Millis", median(i -> draw(options, null)));
            }
            List<ScoreVariant> variants = List.of(ScoreVariant.values());
            json.addProperty(
                    "variantMillis",
                    median(i -> draw(usual.withVariant(variants.get(i % variants.size())), null)));
        }

        private BlockWork.Drawn draw(XAttentionOptions options, @Nullable BlockTable known) {
            return work.draw(
                    new BlockWork.Wanted(site, head, options, false, true),
                    known,
                    mass,
                    Progress.NONE);
        }
    }

    private interface Turn {
        void to(int value);
    }

    private static double median(Turn turn) {
        double[] millis = new double[REPEATS];
        for (int i = 0; i < 5; i++) {
            turn.to(i);
        }
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            turn.to(i);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return millis[REPEATS / 2];
    }
}
