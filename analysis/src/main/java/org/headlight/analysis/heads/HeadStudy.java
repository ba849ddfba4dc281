package org.headlight.analysis.heads;

import org.headlight.analysis.heads.likeness.RowSample;
import org.headlight.analysis.heads.pattern.PatternConsumer;
import org.headlight.analysis.heads.pattern.PatternSettings;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.kernel.AttentionKernels;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.Visibility;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is gathered of one head in one sweep over every row, for its {@link HeadPortrait}. */
public final class HeadStudy {
    private final SiteCapture site;
    private final int siteIndex;
    private final int head;
    private final HeadAttention attention;
    private final @Nullable TokenIndex tokens;
    private final MapSumsConsumer sums;
    private final @Nullable PatternConsumer pattern;
    private final RowSample sample;
    private final WholeRows whole;

    /**
     * Prepares the study of a head.
     *
     * @param siteIndex which site of the capture it is
     * @param tokens the text of the site; null for cross-attention
     * @param settings how patterns are searched; null for not at all
     */
    public HeadStudy(
            SiteCapture site,
            int siteIndex,
            int head,
            @Nullable TokenIndex tokens,
            @Nullable PatternSettings settings,
            AttentionKernels kernels) {
        this.site = site;
        this.siteIndex = siteIndex;
        this.head = head;
        this.attention = site.heads().get(head);
        this.tokens = tokens;
        boolean searched = settings != null && tokens != null && causal(attention);
        this.pattern =
                searched && settings != null
                        ? new PatternConsumer(attention, settings, kernels)
                        : null;
        int late = pattern == null ? attention.rows() : pattern.fromRow();
        this.sums = new MapSumsConsumer(attention, tokens, late);
        this.sample = new RowSample(attention);
        this.whole = new WholeRows(attention);
    }

    /** Where each token of a site's text stands; null for cross-attention. */
    public static @Nullable TokenIndex index(SiteCapture site) {
        return site.kind() == SiteKind.CROSS ? null : new TokenIndex(site.keyTokens());
    }

    /** Whether no row sees a key after its own position. */
    private static boolean causal(HeadAttention head) {
        Visibility visibility = new Visibility(head, Set.of());
        int offset = head.cols() - head.rows();
        for (int row = 0; row < head.rows(); row++) {
            if (visibility.end(row) > row + offset + 1) {
                return false;
            }
        }
        return true;
    }

    /** What is to see the blocks of the sweep. */
    public List<SweepConsumer> consumers() {
        List<SweepConsumer> all = new ArrayList<>(List.of(sums, sample, whole));
        if (pattern != null) {
            all.add(pattern);
        }
        return all;
    }

    /** The small picture of the head, after the sweep. */
    public RowSample sample() {
        return sample;
    }

    /** The sums over the map, after the sweep. */
    public MapSums sums() {
        return sums.result();
    }

    /**
     * The portrait, after the sweep.
     *
     * @param epsilon received mass above which key 0 counts as a sink
     */
    public HeadPortrait portrait(double epsilon) {
        return portrait(sums.result(), epsilon);
    }

    /** The portrait out of sums that were asked for already. */
    public HeadPortrait portrait(MapSums all, double epsilon) {
        HeadStatistics statistics =
                HeadStatisticsConsumer.of(
                        all, tokens != null, site.layer(), head, site.headName(head), epsilon);
        MapSums.RowTotals totals = all.totals();
        double rows = Math.max(1, totals.seen());
        Optional<RowShares> shares =
                tokens == null ? Optional.empty() : Optional.of(RowShares.of(all, tokens));
        Optional<ValueWeights> values = ValueWeights.of(attention, all);
        boolean keyed = values.isPresent() && values.get().size() > 0;
        return new HeadPortrait(
                statistics,
                siteIndex,
                head / Math.max(1, site.heads().size() / Math.max(1, site.kvHeads())),
                shares.map(HeadKind::of).orElse(HeadKind.CROSS),
                shares,
                totals.spread() > 0 ? totals.evenness() / totals.spread() : Double.NaN,
                totals.support() / rows,
                totals.participation() / rows,
                whole.topSupport(),
                whole.sparsity(),
                all.gini(),
                all.kurtosis(),
                keyed ? values.get().share(0) : Double.NaN,
                keyed ? values.get().shift(all) : Double.NaN,
                tokens == null ? Optional.empty() : Optional.of(new DetectorScores(all, tokens)),
                tokens == null ? Optional.empty() : Optional.of(OffsetProfile.of(attention, all)),
                pattern == null ? Optional.empty() : pattern.result(all));
    }
}
