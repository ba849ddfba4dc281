package org.headlight.analysis.sparse.surrogate;

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
import org.headlight.analysis.sparse.select.SiteMaps;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;

/**
 * SparseD (Wang et al. 2025) on a model that is no diffusion model: blocks are chosen for each head
 * from the map of one dense run, and used again in later runs, as the method uses the map of one
 * denoising step in all later ones. Blocks of the prompt and of the generated text are chosen
 * apart. Where attention looks back only, what is chosen is the part before the diagonal.
 */
public final class SparseD implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "sparsed",
                            "SparseD reuse",
                            "after Wang et al. 2025, arXiv 2509.24014",
                            Phase.PREFILL,
                            Unit.BLOCK,
                            "Keeps the blocks that a dense run over the same text had most on, used"
                                + " again in this run; the rule of SparseD, without the denoising"
                                + " steps of a diffusion model, and its causal part on a causal"
                                + " one.",
                            Parameter.whole(
                                    "block",
                                    "Queries and keys of a block; multiples of 64 are fast",
                                    128,
                                    1,
                                    4096),
                            Parameter.real("share", "Share of key blocks kept (rho)", 0.3, 0, 1),
                            Parameter.whole(
                                    "generated",
                                    "Last tokens of the text that count as generated: their blocks"
                                            + " are chosen apart from those of the prompt",
                                    0,
                                    0,
                                    1 << 20))
                    .asSurrogate();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    /** Blocks of 32 and half of them in short texts, as the paper says; ours where it is short. */
    @Override
    public Settings preset(int tokens) {
        Settings standard = Settings.standard(INFO);
        if (tokens >= 4096) {
            return standard;
        }
        return tokens >= 1024
                ? standard.with("block", 64)
                : standard.with("block", Math.clamp(tokens / 16, 4, 32)).with("share", 0.5);
    }

    @Override
    public boolean needsDenseRun() {
        return true;
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> new Plan.Selected(pattern(settings, run, site, progress));
    }

    private static Selection pattern(
            Settings settings, PolicyRun run, PolicySite site, Progress progress) {
        int block = settings.whole("block");
        double share = settings.real("share");
        int blocks = Math.ceilDiv(site.to(), block);
        int generated = Math.min(site.to(), settings.whole("generated"));
        int prompt = Math.ceilDiv(site.to() - generated, block);
        Spans.Builder spans = new Spans.Builder(site.heads(), site.queries(), block);
        List<HeadAttention> maps = maps(run, site);
        for (int head = 0; head < site.heads(); head++) {
            progress.check();
            BlockMeans means = new BlockMeans(site.to(), block, prompt);
            Sweep.run(maps.get(head), List.of(means), run.sweep(), progress.quiet());
            for (int row = 0; row < Math.ceilDiv(site.queries(), block); row++) {
                boolean[] kept = means.best(row, blocks, share);
                for (int b = 0; b < blocks; b++) {
                    if (kept[b]) {
                        spans.add(b * block, Math.min((b + 1) * block, site.to()));
                    }
                }
                spans.next();
            }
        }
        return spans.build();
    }

    /** The maps of the dense run; those of the site's own numbers where there was none. */
    private static List<HeadAttention> maps(PolicyRun run, PolicySite site) {
        if (run.dense().isPresent()) {
            for (SiteCapture seen : run.dense().get().sites()) {
                if (seen.layer() == site.layer()
                        && seen.kind() == SiteKind.SELF
                        && seen.heads().size() == site.heads()) {
                    return seen.heads();
                }
            }
        }
        List<HeadAttention> own = new ArrayList<>();
        for (int head = 0; head < site.heads(); head++) {
            own.add(SiteMaps.map(site.input(), head));
        }
        return own;
    }
}
