package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Trait;
import org.headlight.analysis.sparse.Unit;
import org.headlight.analysis.sparse.select.Best;
import org.headlight.analysis.sparse.select.Pooled;
import org.headlight.analysis.sparse.select.Rows;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.task.Progress;

/**
 * AsyncTLS, its selection: blocks first, then single keys inside them by scores over a few channels
 * of a rounded copy of the keys. The blocks of a step are those that the step before it ranked
 * best, since they are fetched while that step runs.
 */
public final class AsyncTlsPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "asynctls",
                            "AsyncTLS selection",
                            "AsyncTLS 2026; channels as in Double Sparsity, Yang et al. 2024, arXiv"
                                    + " 2408.07092",
                            Phase.DECODE,
                            Unit.TOKEN,
                            "Picks blocks, then keys inside them, anew at each step; needs no"
                                + " training, and of the method only the selection is here: nothing"
                                + " is moved to other memory, and its block score and channels are"
                                + " not confirmed.",
                            Parameter.whole("block", "Keys of a block", 64, 1, 4096),
                            Parameter.whole(
                                    "blocks", "Blocks that a step looks into", 128, 1, 1 << 16),
                            Parameter.whole(
                                    "tokens", "Keys that a step attends to", 1024, 1, 1 << 20),
                            Parameter.whole(
                                    "channels",
                                    "Numbers of a key that are in the copy",
                                    32,
                                    1,
                                    1024),
                            Parameter.choice(
                                    "score",
                                    "How blocks are ranked: by the bound of their scores (Quest),"
                                            + " or by the score of their mean key",
                                    "bound",
                                    "mean"),
                            Parameter.choice(
                                    "blocks-of",
                                    "Whose ranking a step uses: that of the step before it, or its"
                                            + " own",
                                    "previous",
                                    "own"))
                    .blindTo(Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public String knob() {
        return "tokens";
    }

    @Override
    public Settings preset(int tokens) {
        Settings paper = Settings.standard(INFO);
        if (tokens >= 2 * 64 * 128) {
            return paper;
        }
        int block = tokens < 1024 ? 8 : tokens < 4096 ? 16 : 32;
        return paper.with("block", block)
                .with("blocks", Math.max(2, tokens / 4 / block))
                .with("tokens", Scaled.eighth(tokens, 1024));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return new TwoLevels(settings);
    }

    private record TwoLevels(Settings settings) implements Planner {

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            Steps steps = Steps.of(site, INFO);
            Level level =
                    new Level(
                            steps,
                            settings,
                            new LabelCache(
                                    steps.input(), settings.whole("channels"), steps.from()));
            KeyLists lists = new KeyLists(steps);
            for (int head = 0; head < steps.heads(); head++) {
                progress.check();
                for (int step = 0; step < steps.count(); step++) {
                    level.keys(head, step, lists);
                    lists.next();
                }
            }
            return lists.plan();
        }
    }

    /** Both levels of a site. */
    private static final class Level {
        private final Steps steps;
        private final LabelCache labels;
        private final int block;
        private final int most;
        private final int tokens;
        private final boolean previous;
        private final boolean means;
        private final PageBounds bounds;
        private final HeadArray pooled;
        private final int[] candidates;
        private final double[] estimates;

        Level(Steps steps, Settings settings, LabelCache labels) {
            this.steps = steps;
            this.labels = labels;
            this.block = settings.whole("block");
            this.most = settings.whole("blocks");
            this.tokens = settings.whole("tokens");
            this.previous = settings.choice("blocks-of").equals("previous");
            this.means = settings.choice("score").equals("mean");
            HeadArray k = steps.input().k();
            this.bounds = new PageBounds(k, block);
            this.pooled = Pooled.means(k, block);
            this.candidates = new int[k.rows()];
            this.estimates = new double[k.rows()];
        }

        void keys(int head, int step, KeyLists lists) {
            int first = steps.first(head, step);
            int end = steps.end(head, step);
            int ranked = previous ? Math.max(0, step - 1) : step;
            int[] blocks = blocks(head, ranked);
            int count = 0;
            for (int number : blocks) {
                int to = Math.min(end - 1, (number + 1) * block);
                for (int key = Math.max(first, number * block); key < to; key++) {
                    candidates[count++] = key;
                }
            }
            // What was written since the ranking lies in no ranked block.
            int open = Math.max(first, (steps.end(head, ranked) - 1) / block * block);
            for (int key = open; key < end - 1; key++) {
                candidates[count++] = key;
            }
            int keyHead = steps.input().keyHead(head);
            HeadArray q = steps.input().q();
            for (int i = 0; i < count; i++) {
                estimates[i] = labels.estimate(q, head, step, keyHead, candidates[i]);
            }
            for (int i : Best.of(estimates, count, tokens - 1)) {
                lists.add(candidates[i], candidates[i] + 1);
            }
            lists.add(end - 1, end);
        }

        /** The best blocks that are whole before a step; the one that is open comes on top. */
        private int[] blocks(int head, int step) {
            if (!means) {
                return PageChoice.best(steps, bounds, head, 1, most - 1, step);
            }
            int from = steps.first(head, step) / block;
            int own = Math.max(from, (steps.end(head, step) - 1) / block);
            HeadArray q = steps.input().q();
            int keyHead = steps.input().keyHead(head);
            double[] scores = new double[own - from];
            for (int i = 0; i < scores.length; i++) {
                scores[i] =
                        Rows.dot(
                                q.values(),
                                q.at(head, step),
                                pooled.values(),
                                pooled.at(keyHead, from + i),
                                q.width());
            }
            int[] best = Best.of(scores, scores.length, most - 1);
            for (int i = 0; i < best.length; i++) {
                best[i] += from;
            }
            return best;
        }
    }
}
