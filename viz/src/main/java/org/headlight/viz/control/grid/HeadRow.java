package org.headlight.viz.control.grid;

import java.util.List;

/**
 * One row of the grid: the heads of one site.
 *
 * @param label what stands at the left, such as "layer 2" or "layer 2 cross"
 * @param names the names of the heads in order, such as "L2H0"
 */
public record HeadRow(String label, List<String> names) {}
