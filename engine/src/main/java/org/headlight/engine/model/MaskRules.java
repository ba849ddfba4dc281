package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.MaskSources;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The masks of a model that depend on nothing but the number of tokens and follow a rule (full,
 * causal, window), so that a run over tokens need not compute them. The rule is seen at two
 * lengths; before a text that is longer than a number which takes part in making the mask (a
 * window, a stored triangle), it is seen again beyond that number.
 */
final class MaskRules {
    /** Two lengths, with no common divisor, beyond the numbers that every export uses. */
    private static final int[] LENGTHS = {8, 21};

    /** Masks of longer texts are not computed only to look at them. */
    private static final int LONGEST_LOOK = 2_048;

    private static final int BEYOND = 5;

    private final RuntimeSession session;
    private final Probe probe;
    private final List<AttentionSite> sites;
    private final int positionLimit;
    private final Map<String, MaskRule> rules = new HashMap<>();
    private final TreeSet<Integer> numbers = new TreeSet<>();
    private int seenTo;

    /**
     * @param sites the sites that the graph is cut at
     * @param positionLimit the longest text; 0 when there is no limit
     */
    MaskRules(
            ModelSkeleton graph,
            RuntimeSession session,
            Probe probe,
            List<AttentionSite> sites,
            int positionLimit) {
        this.session = session;
        this.probe = probe;
        this.sites = sites;
        this.positionLimit = positionLimit;
        boolean free =
                WholeFeeds.missing(session, List.of()).isEmpty()
                        && probe.ids(LENGTHS[1]).length == LENGTHS[1]
                        && (positionLimit == 0 || positionLimit >= LENGTHS[1]);
        List<AttentionSite> able = free ? masked(graph) : List.of();
        if (!able.isEmpty()) {
            look(able, LENGTHS[0]);
            look(able.stream().filter(s -> rules.containsKey(s.node())).toList(), LENGTHS[1]);
            seenTo = LENGTHS[1];
        }
    }

    /** The sites that have mask tensors, all of which depend on the number of tokens alone. */
    private List<AttentionSite> masked(ModelSkeleton graph) {
        List<AttentionSite> able = new ArrayList<>();
        Map<String, MaskSources> known = new HashMap<>();
        for (AttentionSite site : sites) {
            List<MaskSources> sources =
                    site.mask().stream()
                            .map(MaskTerm::tensor)
                            .map(t ->
                                    known.computeIfAbsent(
                                            t, name -> MaskSources.of(graph.index(), name)))
                            .toList();
            if (!sources.isEmpty() && sources.stream().allMatch(this::lengthAlone)) {
                able.add(site);
                sources.forEach(s -> numbers.addAll(s.numbers()));
            }
        }
        return able;
    }

    private boolean lengthAlone(MaskSources sources) {
        return sources.closed()
                && session.inputs().stream()
                        .filter(input -> sources.inputs().contains(input.name()))
                        .allMatch(input ->
                                switch (input.role()) {
                                    case ATTENTION_MASK, POSITIONS, SEGMENTS, USE_CACHE -> true;
                                    default -> false;
                                });
    }

    /** Notes the rules at one length; forgets those that do not hold at it. */
    private void look(List<AttentionSite> at, int length) {
        if (at.isEmpty()) {
            return;
        }
        int[] ids = probe.ids(length);
        try (Feeds feeds = WholeFeeds.of(session, Map.of(), ids);
                Capture capture =
                        Probe.runner(session, at)
                                .whole(feeds, RunRecorder.frames(length), Progress.NONE)) {
            for (AttentionSite site : at) {
                Optional<MaskRule> now = rule(Probe.of(capture, site));
                MaskRule before = rules.get(site.node());
                if (now.isEmpty() || (before != null && !before.equals(now.get()))) {
                    rules.remove(site.node());
                } else {
                    rules.put(site.node(), now.get());
                }
            }
        } catch (RunFailure | SiteFailure e) {
            at.forEach(site -> rules.remove(site.node()));
        }
    }

    private static Optional<MaskRule> rule(SiteCapture site) {
        QkHead first = (QkHead) site.heads().getFirst();
        long masks = site.heads().stream().map(HeadAttention::mask).distinct().count();
        return masks == 1
                ? MaskRule.of(first.mask(), first.rows(), first.cols())
                : Optional.empty();
    }

    /**
     * The rule of each site that has one, for texts of so many tokens, by the site's node. Looks at
     * masks of longer texts where that is needed.
     */
    synchronized Map<String, MaskRule> upTo(int tokens) {
        while (!rules.isEmpty() && seenTo < tokens) {
            Integer next = numbers.higher(seenTo - 1);
            if (next == null || next > tokens) {
                return Map.copyOf(rules);
            }
            int length = next + BEYOND;
            length = positionLimit > 0 ? Math.min(length, positionLimit) : length;
            if (length > LONGEST_LOOK) {
                return Map.of();
            }
            look(sites.stream().filter(s -> rules.containsKey(s.node())).toList(), length);
            seenTo = length;
            if (length == positionLimit) {
                return Map.copyOf(rules);
            }
        }
        return Map.copyOf(rules);
    }

    /** The sites as they are where the rules take the place of mask tensors. */
    static List<AttentionSite> without(List<AttentionSite> sites, Map<String, MaskRule> rules) {
        return sites.stream()
                .map(site -> rules.containsKey(site.node()) ? withoutMask(site) : site)
                .toList();
    }

    private static AttentionSite withoutMask(AttentionSite site) {
        Scores scores = site.scores();
        return new AttentionSite(
                site.layer(),
                site.kind(),
                site.form(),
                site.node(),
                site.query(),
                site.key(),
                site.keyLayout(),
                site.value(),
                new Scores(
                        scores.scale(),
                        scores.softcap(),
                        List.of(),
                        AttentionSite.VisibleRule.ALL,
                        scores.sink()),
                site.context(),
                site.probabilities());
    }
}
