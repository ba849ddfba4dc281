package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite.Blocks;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.BlockMask;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The layouts of blocks that an operator is given, as it is given them. */
final class BlockLayouts {
    private final String node;
    private final List<BitSet[]> layouts;
    private final int size;

    private BlockLayouts(String node, List<BitSet[]> layouts, int size) {
        this.node = node;
        this.layouts = layouts;
        this.size = size;
    }

    /**
     * Reads compressed rows.
     *
     * @throws SiteFailure when they are none
     */
    static BlockLayouts read(String node, Blocks blocks, ScaleReader.Tensors tensors) {
        OnnxTensor rowTensor = tensors.get(blocks.rows());
        OnnxTensor columnTensor = tensors.get(blocks.columns());
        long[] rowDims = rowTensor.getInfo().getShape();
        long[] columnDims = columnTensor.getInfo().getShape();
        boolean fits = rowDims.length == 2 && columnDims.length == 2 && rowDims[0] == columnDims[0];
        if (!fits || rowDims[0] == 0) {
            throw broken(node, blocks);
        }
        float[] rows = TensorValues.floats(blocks.rows(), rowTensor);
        float[] columns = TensorValues.floats(blocks.columns(), columnTensor);
        int starts = Math.toIntExact(rowDims[1]);
        int entries = Math.toIntExact(columnDims[1]);
        List<BitSet[]> layouts = new ArrayList<>();
        for (int l = 0; l < rowDims[0]; l++) {
            BitSet[] layout = new BitSet[starts - 1];
            for (int r = 0; r < layout.length; r++) {
                layout[r] = new BitSet();
                int from = (int) rows[l * starts + r];
                int to = (int) rows[l * starts + r + 1];
                if (from < 0 || to > entries) {
                    throw broken(node, blocks);
                }
                for (int i = from; i < to; i++) {
                    layout[r].set((int) columns[l * entries + i]);
                }
            }
            layouts.add(layout);
        }
        return new BlockLayouts(node, List.copyOf(layouts), blocks.size());
    }

    private static SiteFailure broken(String node, Blocks blocks) {
        return new SiteFailure(
                node,
                "its layout of blocks ("
                        + blocks.rows()
                        + ", "
                        + blocks.columns()
                        + ") is none of compressed rows");
    }

    /**
     * The mask of each head.
     *
     * @param offset position of the first query
     * @param rows queries
     * @param keys how many keys exist
     * @throws SiteFailure when the layouts end before the queries do
     */
    List<AttentionMask> masks(int heads, int offset, int rows, int keys) {
        int last = (offset + rows - 1) / size;
        if (last >= layouts.getFirst().length) {
            throw new SiteFailure(
                    node,
                    "its layouts of blocks have "
                            + layouts.getFirst().length
                            + " rows, but the queries need "
                            + (last + 1));
        }
        List<AttentionMask> masks = new ArrayList<>();
        for (BitSet[] layout : layouts) {
            masks.add(new BlockMask(layout, size, offset, keys));
        }
        List<AttentionMask> all = new ArrayList<>();
        for (int h = 0; h < heads; h++) {
            all.add(masks.get(h % masks.size()));
        }
        return List.copyOf(all);
    }
}
