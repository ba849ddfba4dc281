package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Rotary;
import org.headlight.engine.attend.HeadArray;

import java.util.List;

/**
 * Rotary positions of a model whose layers differ.
 *
 * @param layers those of each layer, zero-based; turning without a layer is that of the first
 */
record LayerRotary(List<PairRotary> layers) implements Rotary {

    LayerRotary {
        layers = List.copyOf(layers);
    }

    @Override
    public void turn(float[] source, int sourceAt, long shift, float[] target, int targetAt) {
        layers.getFirst().turn(source, sourceAt, shift, target, targetAt);
    }

    @Override
    public int width() {
        return layers.getFirst().width();
    }

    @Override
    public Rotary layer(int layer) {
        return layers.get(Math.clamp(layer, 0, layers.size() - 1));
    }

    @Override
    public HeadArray turned(HeadArray rows, int[] shifts) {
        return layers.getFirst().turned(rows, shifts);
    }
}
