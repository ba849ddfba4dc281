package org.headlight.viz.export;

import org.headlight.viz.raster.AttentionMap;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Many heads on one sheet, all on one scale.
 *
 * @param title bold, such as "layer 3"
 * @param rows the panels, row by row; never empty
 * @param axes whether the outer panels have ticks
 * @param look how the maps are drawn; its size is that of one panel
 * @param source where they come from
 */
public record GridSpec(
        String title, List<List<Panel>> rows, boolean axes, FigureLook look, Provenance source) {
    public GridSpec {
        rows = rows.stream().map(List::copyOf).toList();
        if (rows.isEmpty() || rows.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a grid needs panels in every row");
        }
    }

    /**
     * One head.
     *
     * @param name such as L0H3
     * @param note a few characters beside the name, such as a score; may be empty
     */
    public record Panel(String name, String note, AttentionMap map) {}

    /** The panels of one list in rows of so many. */
    public static List<List<Panel>> wrapped(List<Panel> panels, int columns) {
        return IntStream.range(0, Math.ceilDiv(panels.size(), columns))
                .mapToObj(row ->
                        panels.subList(row * columns, Math.min(panels.size(), (row + 1) * columns)))
                .toList();
    }

    int columns() {
        return rows.stream().mapToInt(List::size).max().orElse(1);
    }
}
