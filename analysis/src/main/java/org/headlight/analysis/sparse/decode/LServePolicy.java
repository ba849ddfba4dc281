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
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.task.Progress;

/**
 * LServe (Yang et al. 2025), its pages: large pages as memory likes them are ranked by bounds of
 * small ones within them, and a choice serves several steps. Its mix with streaming heads is a
 * policy of the prefill.
 */
public final class LServePolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "lserve-pages",
                            "LServe pages",
                            "Yang et al. 2025, arXiv 2502.14866",
                            Phase.DECODE,
                            Unit.PAGE,
                            "Reads the large pages that hold the best small page, chosen for"
                                    + " several steps at once by heads that share keys; nothing is"
                                    + " dropped, and no training is needed.",
                            Parameter.whole(
                                    "page", "Keys of a page that is read as a whole", 64, 1, 4096),
                            Parameter.whole(
                                    "logical",
                                    "Keys of the small pages that are ranked; at the most a page",
                                    16,
                                    1,
                                    4096),
                            Parameter.whole("budget", "Keys that a step reads", 4096, 1, 1 << 20),
                            Parameter.whole("reuse", "Steps that a choice serves (C)", 4, 1, 1024))
                    .blindTo(Trait.BIAS);

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public String knob() {
        return "budget";
    }

    @Override
    public Settings preset(int tokens) {
        Settings paper = Settings.standard(INFO);
        if (tokens >= 2 * 4096) {
            return paper;
        }
        int page = tokens < 1024 ? 8 : tokens < 4096 ? 16 : 32;
        int logical = page / 4;
        return paper.with("page", page)
                .with("logical", logical)
                .with("budget", Math.max(3 * page, Scaled.eighth(tokens, 4096)));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> plan(site, settings, progress);
    }

    private static Plan plan(PolicySite site, Settings settings, Progress progress) {
        Steps steps = Steps.of(site, INFO);
        int page = settings.whole("page");
        int logical = Math.min(page, settings.whole("logical"));
        int most = Math.max(3, settings.whole("budget") / page) - 2;
        int reuse = settings.whole("reuse");
        SmallPages pages = new SmallPages(steps, page, logical);
        KeyLists lists = new KeyLists(steps);
        int[][] chosen = new int[steps.count()][];
        for (int head = 0; head < steps.heads(); head++) {
            progress.check();
            for (int step = 0; step < steps.count(); step++) {
                if (head % steps.group() == 0) {
                    chosen[step] =
                            step % reuse == 0 ? pages.best(head, step, most) : chosen[step - 1];
                }
                int since = steps.end(head, step - step % reuse) - 1;
                lists.add(0, page).pages(chosen[step], page);
                lists.add(since / page * page, steps.end(head, step)).next();
            }
        }
        return lists.plan();
    }

    /** Small pages within pages. */
    private static final class SmallPages {
        private final Steps steps;
        private final int page;
        private final PageBounds[] bounds;

        /** Small pages begin anew with each page, so the last one of a page may be short. */
        SmallPages(Steps steps, int page, int logical) {
            this.steps = steps;
            this.page = page;
            int parts = Math.ceilDiv(page, logical);
            this.bounds = new PageBounds[parts];
            for (int part = 0; part < parts; part++) {
                int from = part * logical;
                bounds[part] =
                        new PageBounds(
                                steps.input().k(), page, from, Math.min(page, from + logical));
            }
        }

        /** The best pages between the first one and the one that is being filled. */
        int[] best(int head, int step, int most) {
            int from = Math.max(1, steps.first(head, step) / page);
            int own = Math.max(from, (steps.end(head, step) - 1) / page);
            HeadArray q = steps.input().q();
            int keyHead = steps.input().keyHead(head);
            double[] scores = new double[own - from];
            for (int i = 0; i < scores.length; i++) {
                double best = Double.NEGATIVE_INFINITY;
                for (int h = head; h < head + steps.group(); h++) {
                    for (PageBounds part : bounds) {
                        best = Math.max(best, part.bound(q, h, step, keyHead, from + i));
                    }
                }
                scores[i] = best;
            }
            int[] best = Best.of(scores, scores.length, most);
            for (int i = 0; i < best.length; i++) {
                best[i] += from;
            }
            return best;
        }
    }
}
