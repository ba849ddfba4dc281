package org.headlight.analysis.heads.flow;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One position of a text followed down to the input, by {@link Rollout} or by {@link Flow}.
 * Immutable; holds arrays, so equality is identity.
 */
public final class Followed {
    private final Way way;
    private final List<SiteCapture> sites;
    private final List<double[]> down;
    private final double @Nullable [] flow;

    /** How maps of layers are put together. */
    public enum Measure {
        /** Multiplied: shares of shares. */
        ROLLOUT,
        /** As pipes: how much can pass, made to sum to 1. */
        FLOW
    }

    /**
     * What is followed.
     *
     * @param measure how
     * @param top the layer after which the position stands, by its place among the layers that are
     *     followed; the last one where there are fewer
     * @param position the position
     * @param residual whether half of what a layer passes on is the residual stream
     */
    public record Way(Measure measure, int top, int position, boolean residual) {}

    private Followed(
            Way way, List<SiteCapture> sites, List<double[]> down, double @Nullable [] flow) {
        this.way = way;
        this.sites = sites;
        this.down = down;
        this.flow = flow;
    }

    /**
     * Follows a position. Rollout takes a text of any length, with layers x tokens of memory.
     *
     * @throws BadInputException when there is no such position or no self-attention, or the text is
     *     too long for flow
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static Followed of(Capture capture, Way way, SweepOptions options, Progress progress) {
        List<SiteCapture> all = Rollout.sites(capture);
        int top = Math.clamp(way.top(), 0, all.size() - 1);
        List<SiteCapture> sites = all.subList(0, top + 1);
        Way found = new Way(way.measure(), top, way.position(), way.residual());
        boolean flows = way.measure() == Measure.FLOW;
        if (flows) {
            Flow.requireShort(sites.getFirst().keyTokens().size());
        }
        List<double[]> down =
                Rollout.down(
                        sites,
                        way.position(),
                        way.residual(),
                        options,
                        flows ? progress.part(0, 0.5) : progress);
        if (!flows) {
            return new Followed(found, sites, down, null);
        }
        LayerMaps maps =
                LayerMaps.of(sites, way.residual(), options.kernels(), progress.part(0.5, 0.8));
        return new Followed(found, sites, down, new Flow(maps).to(way.position(), true));
    }

    /**
     * The same for every position of a short text.
     *
     * @return what position q takes from token k, [N][N]
     * @throws BadInputException when the text is too long
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public double[][] every(SweepOptions options, Progress progress) {
        boolean flows = way.measure() == Measure.FLOW;
        if (flows) {
            Flow.requireShort(tokens().size());
        }
        LayerMaps maps =
                LayerMaps.of(sites, way.residual(), options.kernels(), progress.part(0, 0.2));
        return flows ? new Flow(maps).whole(true, progress.part(0.2, 1)) : Rollout.whole(maps);
    }

    /** What was followed; its top is a layer that exists. */
    public Way way() {
        return way;
    }

    /** The text. */
    public List<Token> tokens() {
        return sites.getFirst().keyTokens();
    }

    /** The numbers of the layers that were followed, the first one first. */
    public List<Integer> layers() {
        return sites.stream().map(SiteCapture::layer).toList();
    }

    /** What the position takes from a token of the input. */
    public double share(int token) {
        double[] flows = flow;
        return flows == null ? down.getFirst()[token] : flows[token];
    }

    /**
     * What the position takes, by rollout, from a position before a layer.
     *
     * @param layer by its place in {@link #layers}
     */
    public double before(int layer, int position) {
        return down.get(layer)[position];
    }
}
