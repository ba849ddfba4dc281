package org.headlight.analysis.heads;

import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.analysis.heads.likeness.Distances;
import org.headlight.analysis.heads.likeness.RowSample;
import org.headlight.analysis.survey.Survey;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Every head of a capture: a portrait each, and how like each other they are. One sweep a head;
 * memory does not grow with N x N.
 *
 * @param heads in the order of the sites, then of the heads
 * @param samples a small picture of each head
 * @param distances how differently each two look, in the same order
 */
public record HeadAtlas(List<HeadPortrait> heads, List<RowSample> samples, Distances distances) {
    /** The mean distance up to which clusters are joined, unless told otherwise. */
    public static final double CUT = 0.35;

    public HeadAtlas {
        heads = List.copyOf(heads);
        samples = List.copyOf(samples);
    }

    /**
     * Studies every head.
     *
     * @param options how the maps are walked; every row is always seen
     * @param epsilon received mass above which key 0 counts as a sink
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static HeadAtlas of(
            Capture capture, SweepOptions options, double epsilon, Progress progress) {
        AtlasPart part = new AtlasPart(options.kernels(), epsilon);
        Survey.run(capture, List.of(part), options, progress);
        return part.atlas(progress);
    }

    /** The heads that share keys with a head, itself with them. */
    public List<Integer> group(int head) {
        HeadPortrait one = heads.get(head);
        return IntStream.range(0, heads.size())
                .filter(i ->
                        heads.get(i).site() == one.site() && heads.get(i).group() == one.group())
                .boxed()
                .toList();
    }

    /**
     * How much the heads that share keys with a head disagree on where to look: the mean distance
     * of each two; NaN where a head has keys of its own.
     */
    public double disagreement(int head) {
        return distances.mean(group(head));
    }

    /** Puts heads together that look alike; see {@link Clusters}. */
    public Clusters clusters(double cut) {
        return Clusters.of(distances, cut);
    }

    /** The head of that name; null when there is none. */
    public @Nullable HeadPortrait named(String name) {
        return heads.stream().filter(h -> h.name().equals(name)).findFirst().orElse(null);
    }
}
