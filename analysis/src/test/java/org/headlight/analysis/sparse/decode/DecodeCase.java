package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Layers of random heads over a text that is a prompt and steps of decoding. */
final class DecodeCase {
    final int heads;
    final int keyHeads;
    final int tokens;
    final int prompt;
    final int width;
    final List<AttentionInput> layers = new ArrayList<>();

    private DecodeCase(int heads, int keyHeads, int tokens, int prompt, int width) {
        this.heads = heads;
        this.keyHeads = keyHeads;
        this.tokens = tokens;
        this.prompt = prompt;
        this.width = width;
    }

    /** Numbers that have nothing to do with each other; 4 heads of 2 key heads, 16 wide. */
    static DecodeCase random(long seed, int layers, int tokens, int prompt) {
        return random(seed, layers, tokens, prompt, tokens);
    }

    /** The same, of which the tokens from {@code same} on are others. */
    static DecodeCase random(long seed, int layers, int tokens, int prompt, int same) {
        DecodeCase made = new DecodeCase(4, 2, tokens, prompt, 16);
        for (int layer = 0; layer < layers; layer++) {
            Random random = new Random(seed * 31 + layer);
            made.layers.add(
                    AttentionInput.of(
                            made.rows(random, made.heads, same),
                            made.rows(random, made.keyHeads, same),
                            made.rows(random, made.keyHeads, same),
                            0.3f,
                            AttentionMask.causal(0)));
        }
        return made;
    }

    /**
     * As texts have it: the first key and some others draw every query, neighbouring keys are
     * alike, neighbouring queries too.
     */
    static DecodeCase textLike(long seed, int layers, int tokens, int prompt) {
        DecodeCase made = random(seed, layers, tokens, prompt);
        Random random = new Random(seed);
        for (int layer = 0; layer < layers; layer++) {
            AttentionInput input = made.layers.get(layer);
            smooth(input.q());
            smooth(input.k());
            for (int head = 0; head < made.keyHeads; head++) {
                for (int key = 0; key < tokens; key++) {
                    boolean heavy = key == 0 || random.nextInt(20) == 0;
                    input.k().values()[input.k().at(head, key)] = heavy ? 3 : 0;
                }
            }
            for (int head = 0; head < made.heads; head++) {
                for (int row = 0; row < tokens; row++) {
                    input.q().values()[input.q().at(head, row)] = 2;
                }
            }
        }
        return made;
    }

    private static void smooth(HeadArray array) {
        for (int head = 0; head < array.heads(); head++) {
            for (int row = 1; row < array.rows(); row++) {
                for (int d = 0; d < array.width(); d++) {
                    float before = array.values()[array.at(head, row - 1) + d];
                    int at = array.at(head, row) + d;
                    array.values()[at] = 0.9f * before + 0.45f * array.values()[at];
                }
            }
        }
    }

    /** The same with another mask. */
    DecodeCase masked(AttentionMask mask) {
        DecodeCase made = new DecodeCase(heads, keyHeads, tokens, prompt, width);
        layers.forEach(layer -> made.layers.add(layer.withMask(mask)));
        return made;
    }

    /** The same with a sink logit for each head. */
    DecodeCase sunk() {
        DecodeCase made = new DecodeCase(heads, keyHeads, tokens, prompt, width);
        layers.forEach(layer -> made.layers.add(layer.withSinks(0.5f, 2, -1, 0)));
        return made;
    }

    private HeadArray rows(Random random, int count, int same) {
        float[] values = new float[tokens * count * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Random other = new Random(99);
        for (int i = same * count * width; i < values.length; i++) {
            values[i] = (float) (3 * other.nextGaussian());
        }
        return HeadArray.rowsFirst(values, count, tokens, width);
    }

    PolicySite site(int layer) {
        return new PolicySite(layer, Phase.DECODE, layers.get(layer), prompt, tokens);
    }

    int steps() {
        return tokens - prompt;
    }

    PolicyRun run() {
        SweepOptions sweep = new SweepOptions(KernelProvider.scalar(), 2, 1, Set.of());
        return new PolicyRun(
                layers.size(), tokens(), prompt, sweep, Optional.empty(), Optional.of(capture()));
    }

    private List<Token> tokens() {
        List<Token> all = new ArrayList<>();
        for (int i = 0; i < tokens; i++) {
            all.add(new Token(i, i, "t" + i, false));
        }
        return all;
    }

    private Capture capture() {
        List<SiteCapture> sites = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            List<HeadAttention> maps = new ArrayList<>();
            for (int head = 0; head < heads; head++) {
                maps.add(SiteMaps.map(layers.get(layer), head));
            }
            sites.add(
                    new SiteCapture(
                            layer, SiteKind.SELF, "n", maps, keyHeads, width, tokens(), tokens()));
        }
        return new MadeCapture(tokens(), sites);
    }

    private record MadeCapture(List<Token> tokens, List<SiteCapture> sites) implements Capture {
        @Override
        public CaptureInfo info() {
            return new CaptureInfo("made", "", "dump", "", 0);
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** Plans of all layers. */
    List<Plan> plans(Policy policy, Settings settings) {
        List<Plan> plans = new ArrayList<>();
        try (Planner planner = policy.start(settings, run())) {
            for (int layer = 0; layer < layers.size(); layer++) {
                plans.add(planner.plan(site(layer), Progress.NONE));
            }
        }
        return plans;
    }

    /** The keys of each step of each head of the last layer, masks counted. */
    BitSet[][] kept(Policy policy, Settings settings) {
        return kept(plans(policy, settings).getLast());
    }

    BitSet[][] kept(Plan plan) {
        Selection selection = plan.kept().orElseThrow();
        AttentionInput input = site(0).input();
        Selection.Shape shape = Selection.Shape.of(input);
        BitSet[][] kept = new BitSet[heads][steps()];
        for (int head = 0; head < heads; head++) {
            for (int step = 0; step < steps(); step++) {
                BitSet keys = new BitSet();
                selection.runs(shape, head, step, keys::set);
                keys.clear(input.mask(head).endKey(step), tokens + 1);
                keys.clear(0, input.mask(head).firstKey(step));
                kept[head][step] = keys;
            }
        }
        return kept;
    }

    /** What a plan of a layer gives. */
    AttentionOutput attend(int layer, Plan plan) {
        AttentionInput input = site(layer).input();
        AttentionOutput output = AttentionOutput.allocate(heads, steps(), width);
        try (Attention attention = new Attention(KernelProvider.flashScalar(), 2)) {
            switch (plan) {
                case Plan.Selected selected ->
                        attention.run(input, selected.selection(), output, Progress.NONE);
                case Plan.Computed computed ->
                        computed.work()
                                .attend(
                                        input,
                                        (in, selection, out) ->
                                                attention.run(in, selection, out, Progress.NONE),
                                        output,
                                        Progress.NONE);
            }
        }
        return output;
    }

    /** A score in double precision. */
    double score(int layer, int head, int row, int key) {
        AttentionInput input = layers.get(layer);
        double dot = 0;
        for (int d = 0; d < width; d++) {
            dot +=
                    (double) input.q().values()[input.q().at(head, row) + d]
                            * input.k().values()[input.k().at(head / (heads / keyHeads), key) + d];
        }
        return dot * input.scale();
    }

    /** Softmax of a row over some keys, 0 elsewhere, [N]. */
    double[] softmax(int layer, int head, int row, BitSet keys) {
        double[] p = new double[tokens];
        double sum = 0;
        for (int key = 0; key <= row; key++) {
            if (keys.get(key)) {
                p[key] = Math.exp(score(layer, head, row, key));
                sum += p[key];
            }
        }
        for (int key = 0; key <= row; key++) {
            p[key] /= sum;
        }
        return p;
    }

    /** Softmax of a row over all that it sees, [N]. */
    double[] softmax(int layer, int head, int row) {
        BitSet all = new BitSet();
        all.set(0, row + 1);
        return softmax(layer, head, row, all);
    }

    /** Indices [0, count) with the largest values, equal ones by the lower index. */
    static BitSet top(double[] values, int count, int most) {
        BitSet taken = new BitSet();
        for (int n = 0; n < Math.min(most, count); n++) {
            int best = -1;
            for (int i = 0; i < count; i++) {
                if (!taken.get(i) && (best < 0 || values[i] > values[best])) {
                    best = i;
                }
            }
            taken.set(best);
        }
        return taken;
    }
}
