package org.headlight.analysis.retrieval;

import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.problem.BadInputException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Heads that are masked together.
 *
 * @param name such as "top:5" or "random:5"
 * @param heads which ones
 * @param elsewhere how many random heads come from other layers than those they are compared with,
 *     because these have no heads left
 */
public record HeadMask(String name, List<HeadAddress> heads, int elsewhere) {
    public HeadMask {
        heads = List.copyOf(heads);
    }

    /**
     * The heads with the highest scores.
     *
     * @throws BadInputException when there are not so many heads, or no trial succeeded
     */
    public static HeadMask top(RetrievalScores scores, ScoreKind kind, int count) {
        check(scores, count);
        return new HeadMask(
                "top:" + count,
                scores.ranked(kind).stream().limit(count).map(HeadScore::head).toList(),
                0);
    }

    /**
     * Random heads of the same layers: as many in each layer as the top heads have there, none of
     * the top heads themselves. Where a layer has too few others, the rest is drawn from all
     * layers.
     *
     * @throws BadInputException when there are not so many other heads, or no trial succeeded
     */
    public static HeadMask random(RetrievalScores scores, ScoreKind kind, int count, long seed) {
        Set<HeadAddress> top = new LinkedHashSet<>(top(scores, kind, count).heads());
        if (2 * count > scores.heads().size()) {
            throw new BadInputException(
                    "The model has "
                            + scores.heads().size()
                            + " heads, so there are no "
                            + count
                            + " others beside the top "
                            + count
                            + "; mask at most "
                            + scores.heads().size() / 2
                            + ".");
        }
        // Not java.util.Random, whose first draws are alike for neighbouring seeds.
        RandomGenerator random = new SplittableRandom(seed);
        Map<Integer, Integer> wanted = new TreeMap<>();
        top.forEach(head -> wanted.merge(head.layer(), 1, Integer::sum));
        List<HeadAddress> drawn = new ArrayList<>();
        for (Map.Entry<Integer, Integer> layer : wanted.entrySet()) {
            List<HeadAddress> others =
                    shuffled(
                            scores,
                            random,
                            head -> head.layer() == layer.getKey() && !top.contains(head));
            drawn.addAll(others.subList(0, Math.min(layer.getValue(), others.size())));
        }
        int elsewhere = count - drawn.size();
        List<HeadAddress> rest =
                shuffled(scores, random, head -> !top.contains(head) && !drawn.contains(head));
        drawn.addAll(rest.subList(0, elsewhere));
        return new HeadMask("random:" + count, drawn, elsewhere);
    }

    private interface Choice {
        boolean test(HeadAddress head);
    }

    private static List<HeadAddress> shuffled(
            RetrievalScores scores, RandomGenerator random, Choice choice) {
        List<HeadAddress> heads = new ArrayList<>();
        for (HeadScore score : scores.heads()) {
            if (choice.test(score.head())) {
                heads.add(score.head());
            }
        }
        Collections.shuffle(heads, random);
        return heads;
    }

    private static void check(RetrievalScores scores, int count) {
        if (scores.succeeded() == 0) {
            throw new BadInputException(
                    "None of the "
                            + scores.trials()
                            + " trials succeeded, so no head has a score to choose heads by; take"
                            + " shorter lengths, other needles, or a model that answers them.");
        }
        if (count < 1 || count > scores.heads().size()) {
            throw new BadInputException(
                    "There are "
                            + scores.heads().size()
                            + " heads; "
                            + count
                            + " cannot be masked: expected 1 to "
                            + scores.heads().size()
                            + ".");
        }
    }
}
