package org.headlight.analysis.heads.probe;

import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.SweepConsumer;

import java.util.ArrayList;
import java.util.List;

/** What a head does on a {@link RepeatedText}: a consumer of the sweep over its map. */
public final class ProbeScores implements SweepConsumer {
    private final RepeatedText text;
    private final List<Totals> workers = new ArrayList<>();

    /**
     * Scores of one head.
     *
     * @param previous mean of A[q, q - 1] over every row but the first
     * @param duplicate mean over the repeats of the attention on where the token stood first
     * @param induction mean over the repeats of the attention on what followed there
     * @param rows how many rows are repeats
     */
    public record Scores(double previous, double duplicate, double induction, long rows) {}

    public ProbeScores(RepeatedText text) {
        this.text = text;
    }

    @Override
    public Worker worker() {
        Totals totals = new Totals();
        workers.add(totals);
        return totals;
    }

    @Override
    public void finish() {
        // Totals are added up when they are asked for.
    }

    /** The scores, after the sweep; NaN where the text has no such rows. */
    public Scores scores() {
        double previous = 0;
        double duplicate = 0;
        double induction = 0;
        long repeats = 0;
        for (int q = 0; q < text.size(); q++) {
            repeats += text.source(q) >= 0 ? 1 : 0;
        }
        for (Totals each : workers) {
            previous += each.previous;
            duplicate += each.duplicate;
            induction += each.induction;
        }
        double none = Double.NaN;
        return new Scores(
                text.size() > 1 ? previous / (text.size() - 1) : none,
                repeats > 0 ? duplicate / repeats : none,
                repeats > 0 ? induction / repeats : none,
                repeats);
    }

    private final class Totals implements Worker {
        private double previous;
        private double duplicate;
        private double induction;

        @Override
        public void accept(RowBlock block) {
            for (int lane = 0; lane < block.count; lane++) {
                int q = block.row0 + lane * block.rowStep;
                previous += cell(block, lane, q - 1);
                int source = text.source(q);
                if (source >= 0) {
                    duplicate += cell(block, lane, source);
                    induction += cell(block, lane, source + 1);
                }
            }
        }

        private static float cell(RowBlock block, int lane, int key) {
            return key >= block.key0 && key < block.key1
                    ? block.p[(key - block.key0) * RowBlock.LANES + lane]
                    : 0;
        }
    }
}
