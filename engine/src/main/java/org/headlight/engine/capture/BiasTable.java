package org.headlight.engine.capture;

import java.util.Arrays;
import java.util.List;

/** The sum of the biases of one head that are no rule. Cells that no bias covers have 0. */
final class BiasTable {
    private final List<List<MaskTermReader.Block>> terms;
    private final int[][] blockOfRow;
    private final int head;

    BiasTable(List<List<MaskTermReader.Block>> terms, int head, int rows) {
        this.terms = terms;
        this.head = head;
        this.blockOfRow = new int[terms.size()][rows];
        for (int t = 0; t < terms.size(); t++) {
            Arrays.fill(blockOfRow[t], -1);
            List<MaskTermReader.Block> blocks = terms.get(t);
            for (int b = 0; b < blocks.size(); b++) {
                Arrays.fill(blockOfRow[t], blocks.get(b).row0(), blocks.get(b).row1(), b);
            }
        }
    }

    /** What is added to a cell; {@link AttentionMask#MASKED} where it lets nothing through. */
    float bias(int row, int col) {
        float sum = 0;
        for (int t = 0; t < terms.size(); t++) {
            int b = blockOfRow[t][row];
            if (b >= 0) {
                MaskTermReader.Block block = terms.get(t).get(b);
                sum += block.values().at(head, row - block.row0(), col);
            }
        }
        return sum <= MaskTermReader.MASKED_FROM ? AttentionMask.MASKED : sum;
    }
}
