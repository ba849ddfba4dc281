package org.headlight.viz.control.map;

/**
 * A cell of a map.
 *
 * @param row query position
 * @param col key position
 */
public record Cell(int row, int col) {}
