package org.headlight.engine.cuda;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tries the scoring of blocks and their choice when heads of a width first ask for it, against the
 * processor. What does not compile or run, or gives something else, is not used.
 */
final class ScoringTrial {
    private static final int TOKENS = 600;
    private static final double THRESHOLD = 0.7;
    private static final double TOLERANCE = 1e-3;
    private static final AntidiagonalScores.Groups GROUPS =
            new AntidiagonalScores.Groups(8, 64, true, 0);

    private final AntidiagonalBlocks blocks;
    private final String device;
    private final Map<Integer, Optional<String>> tried = new HashMap<>();

    /**
     * @param device its name, for messages
     */
    ScoringTrial(AntidiagonalBlocks blocks, String device) {
        this.blocks = blocks;
        this.device = device;
    }

    /** Why heads of a width are not scored there, one sentence; empty when they are right. */
    Optional<String> refusal(int width) {
        return tried.computeIfAbsent(FlashKernel.padded(width), this::tried);
    }

    /** Why heads of some width are not scored there. */
    Optional<String> refusal() {
        return tried.values().stream().flatMap(Optional::stream).findFirst();
    }

    private Optional<String> tried(int width) {
        HeadArray q = array(2, width, 8);
        AttentionInput input =
                AttentionInput.of(
                        q,
                        array(1, width, 9),
                        array(1, width, 9),
                        (float) (4 / Math.sqrt(width)),
                        AttentionMask.causal(0));
        int rows = Math.ceilDiv(TOKENS, GROUPS.block());
        float[] mine = new float[q.heads() * rows * rows];
        float[] truth = new float[mine.length];
        try (AntidiagonalScores processor =
                new AntidiagonalScores(KernelProvider.lookup().kernels(), 1)) {
            processor.score(input, GROUPS, truth, Progress.NONE);
            blocks.scores(input, GROUPS, mine, Progress.NONE);
            BlockRule rule = new BlockRule(THRESHOLD, false, 1);
            BlockCsr chosen = blocks.choose(input, GROUPS, rule, Progress.NONE);
            return same(mine, truth) && chosenRight(input, chosen, mine, rows)
                    ? Optional.empty()
                    : Optional.of(
                            "The kernels that choose blocks gave wrong ones on "
                                    + device
                                    + " when they were tried, so the processor chooses.");
        } catch (BadInputException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean same(float[] mine, float[] truth) {
        for (int i = 0; i < mine.length; i++) {
            // A comparison that NaN fails, too.
            if (!(Math.abs(mine[i] - truth[i]) <= TOLERANCE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean chosenRight(
            AttentionInput input, BlockCsr chosen, float[] sums, int rows) {
        for (int head = 0; head < input.q().heads(); head++) {
            for (int row = 0; row < rows; row++) {
                boolean[] listed = new boolean[rows];
                int query = Math.min((row + 1) * GROUPS.block(), TOKENS) - 1;
                chosen.runs(
                        Selection.Shape.of(input),
                        head,
                        query,
                        (from, to) -> {
                            for (int key = from; key < to; key += GROUPS.block()) {
                                listed[key / GROUPS.block()] = true;
                            }
                        });
                if (!fewest(sums, (head * rows + row) * rows, row, listed)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether a list has the row's own block, the first one, and the fewest of the others. */
    private static boolean fewest(float[] sums, int at, int row, boolean[] listed) {
        double all = 0;
        double held = 0;
        float least = Float.POSITIVE_INFINITY;
        float most = 0;
        for (int column = 0; column <= row; column++) {
            float sum = sums[at + column];
            all += sum;
            held += listed[column] ? sum : 0;
            if (listed[column] && column > 0 && column < row) {
                least = Math.min(least, sum);
            }
            most = listed[column] ? most : Math.max(most, sum);
        }
        boolean needed = least == Float.POSITIVE_INFINITY || held - least < THRESHOLD * all;
        return listed[0] && listed[row] && held >= THRESHOLD * all && most <= least && needed;
    }

    /** Neighbours are alike, so that some blocks hold more than others. */
    private static HeadArray array(int heads, int width, int seed) {
        float[] values = new float[heads * TOKENS * width];
        int state = seed;
        for (int i = 0; i < values.length; i++) {
            state = state * 1_664_525 + 1_013_904_223;
            float noise = ((state >>> 16 & 255) - 127.5f) / 128;
            int topic = i / width / 50 * 7 % 5;
            values[i] = Math.round(64 * (noise + (i % 5 == topic ? 1 : 0))) / 64f;
        }
        return HeadArray.headsFirst(values, heads, TOKENS, width);
    }
}
