package org.headlight.app.retrieval;

import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.NeedleGrid;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.ValueGrid;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Scores and recalls as matrices. */
final class RetrievalGrids {
    /** Recall and scores from 0 to 1. */
    static final Scale UNIT = new Scale(Scale.Kind.LINEAR, 0, 1);

    private RetrievalGrids() {}

    /** The layers that have heads, in order: the rows of {@link #scores}. */
    static List<Integer> layers(RetrievalScores scores) {
        return scores.heads().stream().map(score -> score.head().layer()).distinct().toList();
    }

    /** Layers down, heads across; no value without a successful trial. */
    static ValueGrid scores(RetrievalScores scores, ScoreKind kind) {
        List<Integer> layers = layers(scores);
        int widest =
                scores.heads().stream().mapToInt(score -> score.head().head() + 1).max().orElse(0);
        double[][] values = new double[layers.size()][widest];
        for (double[] row : values) {
            Arrays.fill(row, Double.NaN);
        }
        for (HeadScore score : scores.heads()) {
            values[layers.indexOf(score.head().layer())][score.head().head()] = kind.of(score);
        }
        return ValueGrid.heads(
                layers.stream().map(layer -> "L" + layer).toList(),
                kind == ScoreKind.SET ? "retrieval score" : "retrieval score by count",
                values);
    }

    /** Depth down, length across. */
    static ValueGrid recall(NeedleGrid grid) {
        double[][] values = new double[grid.depths().size()][grid.lengths().size()];
        for (int depth = 0; depth < values.length; depth++) {
            for (int length = 0; length < values[depth].length; length++) {
                values[depth][length] = grid.cell(length, depth).recall();
            }
        }
        return ValueGrid.of(
                new ValueGrid.Axis(
                        "depth",
                        grid.depths().stream()
                                .map(depth -> String.format(Locale.ROOT, "%.0f %%", depth))
                                .toList()),
                new ValueGrid.Axis(
                        "length", grid.lengths().stream().map(NumberText::count).toList()),
                "recall",
                values);
    }
}
