package org.headlight.analysis.retrieval;

import org.headlight.engine.problem.BadInputException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which trials are made: each needle at each length and depth.
 *
 * @param lengths tokens of the prompt, ascending; 0 for the needle without haystack
 * @param depths percent of the haystack, ascending
 */
public record RetrievalPlan(
        List<Needle> needles,
        Haystack haystack,
        List<Integer> lengths,
        List<Double> depths,
        TrialSettings settings) {
    /** Depths of the paper's grid. */
    public static final int DEPTHS = 10;

    /**
     * Checks that there is something to do.
     *
     * @throws BadInputException when there is not, or a length or depth is out of its range
     */
    public RetrievalPlan {
        needles = List.copyOf(needles);
        lengths = lengths.stream().distinct().sorted().toList();
        depths = depths.stream().distinct().sorted().toList();
        if (needles.isEmpty() || lengths.isEmpty() || depths.isEmpty()) {
            throw new BadInputException(
                    "There are no trials: expected at least one needle, one length and one depth.");
        }
        Set<String> names = new HashSet<>();
        for (Needle needle : needles) {
            if (!names.add(needle.name())) {
                throw new BadInputException(
                        "Two needles are called \""
                                + needle.name()
                                + "\"; give each a name of its own.");
            }
        }
        if (lengths.getFirst() < 0) {
            throw new BadInputException(
                    "A length is "
                            + lengths.getFirst()
                            + "; expected a number of tokens, or 0 for the needle alone.");
        }
        checkedDepths(depths);
    }

    /**
     * The depths, if they are.
     *
     * @throws BadInputException with the first that is no percentage
     */
    public static List<Double> checkedDepths(List<Double> depths) {
        for (double depth : depths) {
            if (!(depth >= 0 && depth <= 100)) {
                throw new BadInputException(
                        "A depth is " + depth + "; expected a percentage from 0 to 100.");
            }
        }
        return depths;
    }

    /** All trials: the shortest first, so that something is seen soon. */
    public List<TrialCase> cases() {
        List<TrialCase> cases = new ArrayList<>();
        for (int length : lengths) {
            for (double depth : depths) {
                for (Needle needle : needles) {
                    cases.add(new TrialCase(needle, length, depth));
                }
            }
        }
        return cases;
    }

    /** As many lengths as asked for, evenly spaced, the last of them the longest. */
    public static List<Integer> lengths(int longest, int count) {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            lengths.add((int) Math.round((double) longest * i / count));
        }
        return lengths;
    }

    /** As many depths as asked for, evenly spaced from 0 to 100. */
    public static List<Double> depths(int count) {
        List<Double> depths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            depths.add(count == 1 ? 50.0 : 100.0 * i / (count - 1));
        }
        return depths;
    }
}
