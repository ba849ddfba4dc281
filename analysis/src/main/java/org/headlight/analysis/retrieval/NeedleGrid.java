package org.headlight.analysis.retrieval;

import java.util.ArrayList;
import java.util.List;

/**
 * Recall by length and depth: the mean over the needles of each cell.
 *
 * @param lengths tokens, ascending
 * @param depths percent, ascending
 * @param cells by length, then by depth; cells without trials too
 */
public record NeedleGrid(List<Integer> lengths, List<Double> depths, List<Cell> cells) {
    public NeedleGrid {
        lengths = List.copyOf(lengths);
        depths = List.copyOf(depths);
        cells = List.copyOf(cells);
    }

    /**
     * One cell.
     *
     * @param recall mean ROUGE-1 recall; NaN without trials
     * @param trials how many are in it
     * @param succeeded how many of them succeeded
     */
    public record Cell(int length, double depth, double recall, int trials, int succeeded) {}

    /** Sorts trials into the grid of a plan. */
    public static NeedleGrid of(RetrievalPlan plan, List<? extends Judged> trials) {
        List<Cell> cells = new ArrayList<>();
        for (int length : plan.lengths()) {
            for (double depth : plan.depths()) {
                List<Double> recalls =
                        trials.stream()
                                .filter(t -> t.length() == length && t.depth() == depth)
                                .map(Judged::recall)
                                .toList();
                double mean =
                        recalls.stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElse(Double.NaN);
                long succeeded =
                        recalls.stream().filter(r -> r > plan.settings().success()).count();
                cells.add(new Cell(length, depth, mean, recalls.size(), (int) succeeded));
            }
        }
        return new NeedleGrid(plan.lengths(), plan.depths(), cells);
    }

    /** The cell of a length and a depth, by their places in the lists. */
    public Cell cell(int length, int depth) {
        return cells.get(length * depths.size() + depth);
    }

    /** Mean recall over all trials; NaN without trials. */
    public double recall() {
        double sum = 0;
        int count = 0;
        for (Cell cell : cells) {
            if (cell.trials() > 0) {
                sum += cell.recall() * cell.trials();
                count += cell.trials();
            }
        }
        return sum / count;
    }

    /** How many trials there are. */
    public int trials() {
        return cells.stream().mapToInt(Cell::trials).sum();
    }

    /** How many of them succeeded. */
    public int succeeded() {
        return cells.stream().mapToInt(Cell::succeeded).sum();
    }
}
