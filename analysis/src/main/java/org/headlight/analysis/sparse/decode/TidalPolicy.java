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
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.task.Progress;

/**
 * TidalDecode (Yang et al. 2024): one or two layers attend to everything and remember which keys
 * had the largest scores; the layers after them attend to those alone.
 */
public final class TidalPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                    "tidal",
                    "TidalDecode",
                    "Yang et al. 2024, arXiv 2410.05076",
                    Phase.DECODE,
                    Unit.TOKEN,
                    "Takes over the keys with the largest scores from an earlier layer, head by"
                            + " head; needs no training, but rests on layers agreeing with each"
                            + " other, which the overlap curve of the model shows.",
                    Parameter.whole("tokens", "Keys that a step takes over (k)", 256, 1, 1 << 20),
                    Parameter.whole(
                            "select",
                            "The layer that selects first, at the most a quarter of the layers; it"
                                    + " and those before it attend to everything",
                            2,
                            0,
                            1000),
                    Parameter.whole(
                            "reselect",
                            "The layer that selects again; 0 for 13/32 of the layers, as the"
                                    + " paper's 13 of 32",
                            0,
                            0,
                            1000));

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("tokens", Scaled.eighth(tokens, 256));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        int select = Scaled.denseLayers(settings.whole("select"), run.layers());
        int set = settings.whole("reselect");
        int reselect = set == 0 ? 13 * run.layers() / 32 : set;
        return new Relay(settings.whole("tokens"), select, reselect);
    }

    private static final class Relay implements Planner {
        private final int tokens;
        private final int select;
        private final int reselect;
        private TopKeys stored = TopKeys.NONE;

        Relay(int tokens, int select, int reselect) {
            this.tokens = tokens;
            this.select = select;
            this.reselect = reselect;
        }

        @Override
        public Plan plan(PolicySite site, Progress progress) {
            Steps steps = Steps.of(site, INFO);
            int layer = site.layer();
            if (layer == select || layer == reselect) {
                stored = TopKeys.of(steps, tokens, progress);
            }
            if (layer <= select || layer == reselect || !stored.fits(steps)) {
                return steps.everything();
            }
            KeyLists lists = new KeyLists(steps);
            for (int head = 0; head < steps.heads(); head++) {
                int from = head * stored.heads() / steps.heads();
                for (int step = 0; step < steps.count(); step++) {
                    int[] keys = stored.keys(from, step);
                    int first = steps.first(head, step);
                    int end = steps.end(head, step);
                    lists.add(keys, keys.length);
                    if (keys.length == 0 || keys[keys.length - 1] < first) {
                        lists.add(end - 1, end);
                    }
                    lists.next();
                }
            }
            return lists.plan();
        }
    }
}
