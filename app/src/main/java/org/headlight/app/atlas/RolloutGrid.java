package org.headlight.app.atlas;

import org.headlight.analysis.heads.flow.Flow;
import org.headlight.analysis.heads.flow.Followed;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.ValueGrid;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The picture of a followed position: of a short text what every position takes from every token;
 * of a longer one what the position takes from the places before each layer, neighbours added up
 * where there are too many.
 */
final class RolloutGrid {
    /** The longest text whose map is drawn whole. */
    static final int WHOLE = 64;

    /** Columns of the picture of a longer text. */
    private static final int COLUMNS = 32;

    private RolloutGrid() {}

    /** Whether every position of the text is drawn. */
    static boolean whole(Followed followed) {
        int tokens = followed.tokens().size();
        return tokens
                <= (followed.way().measure() == Followed.Measure.FLOW ? Flow.MOST_TOKENS : WHOLE);
    }

    static ValueGrid of(Followed followed, SweepOptions options, Progress progress) {
        int tokens = followed.tokens().size();
        if (whole(followed)) {
            List<String> names = IntStream.range(0, tokens).mapToObj(Integer::toString).toList();
            double[][] every = followed.every(options, progress);
            for (int q = 0; q < tokens; q++) {
                for (int k = 0; k < tokens; k++) {
                    every[q][k] = every[q][k] > 0 ? every[q][k] : Double.NaN;
                }
            }
            return ValueGrid.of(
                    new ValueGrid.Axis("query", names),
                    new ValueGrid.Axis("token", names),
                    "share",
                    every);
        }
        int columns = Math.min(COLUMNS, tokens);
        List<String> starts = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            starts.add(Long.toString((long) c * tokens / columns));
        }
        int layers = followed.layers().size();
        double[][] rows = new double[layers][columns];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            // The last layer on top: what is taken goes down.
            int layer = layers - 1 - i;
            names.add("L" + followed.layers().get(layer));
            for (int token = 0; token < tokens; token++) {
                int column = (int) (((token + 1L) * columns - 1) / tokens);
                rows[i][column] += followed.before(layer, token);
            }
        }
        return ValueGrid.of(
                new ValueGrid.Axis("before", names),
                new ValueGrid.Axis("token", starts),
                "share",
                rows);
    }
}
