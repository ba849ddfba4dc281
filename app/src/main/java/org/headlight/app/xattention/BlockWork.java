package org.headlight.app.xattention;

import org.headlight.analysis.antidiagonal.AntidiagonalScorer;
import org.headlight.analysis.antidiagonal.BlockChooser;
import org.headlight.analysis.antidiagonal.BlockGrid;
import org.headlight.analysis.antidiagonal.BlockMass;
import org.headlight.analysis.antidiagonal.BlockSet;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.analysis.antidiagonal.CoverageProfile;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.analysis.antidiagonal.XAttention;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.BlockOverlay;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the reading computes in the background. Keeps nothing between calls. */
public final class BlockWork {

    /**
     * What is to be drawn.
     *
     * @param own whether the head has the threshold of its own coverage profile
     * @param painted whether the scores are painted over the map
     */
    public record Wanted(
            SiteCapture site, int number, XAttentionOptions options, boolean own, boolean painted) {
        HeadAttention head() {
            return site.heads().get(number);
        }

        String name() {
            return site.headName(number);
        }
    }

    /**
     * What comes of it.
     *
     * @param blocks null when the true mass is not known
     */
    public record Drawn(
            BlockTable scores,
            double density,
            BlockOverlay overlay,
            @Nullable HeadBlocks blocks,
            List<CoverageProfile.Point> curve) {}

    /** All heads, and their masses where they are kept. */
    record Surveyed(List<HeadBlocks> heads, Map<HeadRef, BlockMass> masses) {}

    private final SweepOptions sweep;
    private final long keptNumbers;

    /**
     * Work on maps.
     *
     * @param keptNumbers how many sums of masses a survey hands back at most
     */
    public BlockWork(SweepOptions sweep, long keptNumbers) {
        this.sweep = sweep;
        this.keptNumbers = keptNumbers;
    }

    private AntidiagonalScorer scorer() {
        return new AntidiagonalScorer(sweep.kernels(), sweep.threads());
    }

    /** Sweeps a head for the true mass of its blocks. */
    public BlockMass mass(HeadAttention head, Progress progress) {
        return XAttention.mass(head, BlockMass.cellFor(head), sweep, progress);
    }

    /**
     * Draws the blocks of a head.
     *
     * @param known its scores; null to make them
     * @param mass what is true; null when that is not known yet
     */
    public Drawn draw(
            Wanted wanted,
            @Nullable BlockTable known,
            @Nullable BlockMass mass,
            Progress progress) {
        XAttentionOptions options = wanted.options();
        BlockTable scores = known == null ? score(wanted, progress) : known;
        if (mass == null) {
            BlockGrid grid = new BlockGrid(wanted.head(), options.block());
            BlockSet set = BlockChooser.choose(scores, grid, options);
            return new Drawn(
                    scores,
                    grid.count() == 0 ? 1 : set.size() / (double) grid.count(),
                    BlockPicture.of(grid, scores, set, null, wanted.painted()),
                    null,
                    List.of());
        }
        HeadBlocks made =
                chosen(
                        HeadBlocks.of(wanted.site(), wanted.number(), scores, mass, options),
                        wanted.own());
        BlockOverlay overlay =
                BlockPicture.of(
                        made.grid(),
                        scores,
                        made.chosen(),
                        made.quality().missed(),
                        wanted.painted());
        return new Drawn(
                scores,
                made.quality().density(),
                overlay,
                made,
                CoverageProfile.curve(made.grid(), scores, made.mass(), options));
    }

    private BlockTable score(Wanted wanted, Progress progress) {
        try (AntidiagonalScorer scorer = scorer()) {
            return scorer.score(wanted.head(), wanted.options(), progress);
        }
    }

    private static HeadBlocks chosen(HeadBlocks blocks, boolean own) {
        return own ? blocks.chosenBy(blocks.profiled(), blocks.options().rule()) : blocks;
    }

    /** The same heads and scores, chosen from anew. */
    static List<HeadBlocks> chooseAgain(
            List<HeadBlocks> heads, XAttentionOptions options, boolean own, Progress progress) {
        List<HeadBlocks> chosen = new ArrayList<>(heads.size());
        for (HeadBlocks head : heads) {
            progress.check();
            double threshold = own ? head.profiled() : options.threshold();
            chosen.add(head.chosenBy(threshold, options.rule()));
        }
        return chosen;
    }

    /**
     * Measures every head.
     *
     * @param known masses of heads that have been swept
     */
    Surveyed survey(
            Capture capture,
            XAttentionOptions options,
            boolean own,
            Map<HeadRef, BlockMass> known,
            Progress progress) {
        List<HeadBlocks> all = new ArrayList<>();
        Map<HeadRef, BlockMass> swept = new HashMap<>();
        double count = capture.sites().stream().mapToInt(site -> site.heads().size()).sum();
        long kept = 0;
        try (AntidiagonalScorer scorer = scorer()) {
            for (int s = 0; s < capture.sites().size(); s++) {
                SiteCapture site = capture.sites().get(s);
                for (int number = 0; number < site.heads().size(); number++) {
                    progress.check();
                    HeadAttention head = site.heads().get(number);
                    BlockMass mass = known.get(new HeadRef(s, number));
                    if (mass == null) {
                        mass =
                                mass(
                                        head,
                                        progress.part(
                                                all.size() / count, (all.size() + 1) / count));
                        kept += mass.numbers();
                        if (kept <= keptNumbers) {
                            swept.put(new HeadRef(s, number), mass);
                        }
                    }
                    BlockTable scores = scorer.score(head, options, Progress.NONE);
                    all.add(chosen(HeadBlocks.of(site, number, scores, mass, options), own));
                    progress.at(all.size() / count, "Measured " + site.headName(number));
                }
            }
        }
        return new Surveyed(all, kept <= keptNumbers ? swept : Map.of());
    }
}
