package org.headlight.viz.control.grid;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where each head stands: a line for each layer, several of about equal length where one is too
 * narrow, or lines of equal length in the order of the scores. Immutable.
 */
final class GridLayout {
    private final List<List<HeadRef>> lines;
    private final int widest;

    private GridLayout(List<List<HeadRef>> lines) {
        this.lines = lines;
        this.widest = lines.stream().mapToInt(List::size).max().orElse(0);
    }

    static GridLayout of(List<HeadRow> rows, HeadOrder order, Map<HeadRef, Double> scores) {
        return of(rows, order, scores, Integer.MAX_VALUE);
    }

    /**
     * Lays out the heads.
     *
     * @param columns the most heads in a line
     */
    static GridLayout of(
            List<HeadRow> rows, HeadOrder order, Map<HeadRef, Double> scores, int columns) {
        List<List<HeadRef>> lines = new ArrayList<>();
        List<HeadRef> all = new ArrayList<>();
        int widest = 1;
        for (int site = 0; site < rows.size(); site++) {
            List<HeadRef> heads = new ArrayList<>();
            for (int head = 0; head < rows.get(site).names().size(); head++) {
                heads.add(new HeadRef(site, head));
            }
            widest = Math.max(widest, heads.size());
            int parts = Math.max(1, Math.ceilDiv(heads.size(), columns));
            lines.addAll(parts(heads, Math.ceilDiv(heads.size(), parts)));
            all.addAll(heads);
        }
        if (order == HeadOrder.POSITION) {
            return new GridLayout(lines);
        }
        all.sort(Comparator.comparingDouble((HeadRef head) -> -score(scores, head)));
        return new GridLayout(parts(all, Math.min(columns, widest)));
    }

    private static List<List<HeadRef>> parts(List<HeadRef> heads, int length) {
        List<List<HeadRef>> parts = new ArrayList<>();
        for (int from = 0; from < heads.size(); from += length) {
            parts.add(heads.subList(from, Math.min(heads.size(), from + length)));
        }
        return parts;
    }

    private static double score(Map<HeadRef, Double> scores, HeadRef head) {
        Double score = scores.get(head);
        return score == null || score.isNaN() ? Double.NEGATIVE_INFINITY : score;
    }

    int lines() {
        return lines.size();
    }

    int widest() {
        return widest;
    }

    /** Whether a layer takes several lines, so that columns are no head numbers. */
    boolean wrapped() {
        return lines.stream().anyMatch(line -> line.getFirst().head() > 0);
    }

    List<HeadRef> line(int index) {
        return lines.get(index);
    }

    @Nullable HeadRef at(int line, int column) {
        boolean in = line >= 0 && line < lines.size() && column >= 0;
        return in && column < lines.get(line).size() ? lines.get(line).get(column) : null;
    }

    int lineOf(HeadRef head) {
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).contains(head)) {
                return line;
            }
        }
        return -1;
    }

    /** The head some steps away, held inside the grid; the first one when there is none yet. */
    @Nullable HeadRef moved(@Nullable HeadRef from, int down, int right) {
        int line = from == null ? -1 : lineOf(from);
        if (from == null || line < 0) {
            return at(0, 0);
        }
        int column = lines.get(line).indexOf(from);
        int toLine = Math.clamp((long) line + down, 0, lines.size() - 1);
        int toColumn = Math.clamp((long) column + right, 0, lines.get(toLine).size() - 1);
        return at(toLine, toColumn);
    }
}
