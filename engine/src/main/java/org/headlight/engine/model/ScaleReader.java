package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.problem.BadInputException;

import java.util.Arrays;

/** Works out what the scores of one site are multiplied with. */
final class ScaleReader {
    /** Gives the tensors of a run by name. */
    interface Tensors {
        OnnxTensor get(String name);
    }

    private final AttentionSite site;
    private float[] scale = new float[0];

    ScaleReader(AttentionSite site) {
        this.site = site;
    }

    /**
     * Takes the factors of the next chunk.
     *
     * @param heads query heads of the site
     * @throws BadInputException when a factor is neither one number nor one a head, or changes
     */
    void accept(Tensors tensors, int heads) {
        double[] product = {1};
        for (AttentionSite.ScaleFactor factor : site.scale()) {
            float[] values = values(factor, tensors);
            if (values.length != 1 && values.length != heads) {
                throw new BadInputException(
                        "The scale "
                                + factor.tensor()
                                + " of the attention node "
                                + site.node()
                                + " has "
                                + values.length
                                + " values; expected one, or one for each of "
                                + heads
                                + " heads.");
            }
            if (values.length > product.length) {
                double all = product[0];
                product = new double[heads];
                Arrays.fill(product, all);
            }
            for (int h = 0; h < product.length; h++) {
                double value = values[values.length == 1 ? 0 : h];
                product[h] = factor.divide() ? product[h] / value : product[h] * value;
            }
        }
        float[] now = new float[product.length];
        for (int h = 0; h < now.length; h++) {
            now[h] = (float) product[h];
        }
        if (scale.length > 0 && !Arrays.equals(scale, now)) {
            throw new BadInputException(
                    "The scale of the attention node "
                            + site.node()
                            + " changes along the text, from "
                            + scale[0]
                            + " to "
                            + now[0]
                            + "; expected one scale for the whole run.");
        }
        scale = now;
    }

    private static float[] values(AttentionSite.ScaleFactor factor, Tensors tensors) {
        String name = factor.tensor();
        if (name != null) {
            return TensorValues.floats(name, tensors.get(name));
        }
        Float constant = factor.constant();
        return new float[] {constant == null ? 1 : constant};
    }

    /** One scale, or one a head. */
    float[] scale() {
        return scale.clone();
    }
}
