package org.headlight.viz.control.matrix;

/**
 * A cell of a {@link ValueMatrix}.
 *
 * @param row from the top, from 0
 * @param column from the left, from 0
 */
public record MatrixCell(int row, int column) {}
