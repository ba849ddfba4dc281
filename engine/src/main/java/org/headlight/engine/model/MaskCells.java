package org.headlight.engine.model;

/**
 * What the masks of a run take on the Java heap, as floats for each cell of one map. A mask that is
 * the same for all rows or all keys counts nothing: it grows with N alone.
 *
 * @param kept of all biases that are no rule, which a capture keeps as numbers: heads or 1 for each
 * @param passing of the widest mask that is a rule, which is read at once before that is known
 * @param widest of the widest single mask
 */
record MaskCells(int kept, int passing, int widest) {
    static final MaskCells NONE = new MaskCells(0, 0, 0);
}
