package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite;

/** Works out what the scores of one site are multiplied with. */
final class ScaleReader {
    /** Gives the tensors of a run by name. */
    interface Tensors {
        OnnxTensor get(String name);
    }

    private final AttentionSite site;
    private float scale = Float.NaN;

    ScaleReader(AttentionSite site) {
        this.site = site;
    }

    /**
     * Takes the factors of the next chunk.
     *
     * @throws SiteFailure when a factor is not one number, or changes
     */
    void accept(Tensors tensors) {
        double product = 1;
        for (AttentionSite.ScaleFactor factor : site.scale()) {
            double value = value(factor, tensors);
            product = factor.divide() ? product / value : product * value;
        }
        float now = (float) product;
        if (!Float.isNaN(scale) && Float.compare(scale, now) != 0) {
            throw new SiteFailure(
                    site.node(),
                    "its scale changes along the text, from "
                            + scale
                            + " to "
                            + now
                            + "; expected one scale for the whole run");
        }
        scale = now;
    }

    private double value(AttentionSite.ScaleFactor factor, Tensors tensors) {
        String name = factor.tensor();
        if (name == null) {
            Float constant = factor.constant();
            return constant == null ? 1 : constant;
        }
        float[] values = TensorValues.floats(name, tensors.get(name));
        if (values.length != 1) {
            throw new SiteFailure(
                    site.node(),
                    "its scale " + name + " has " + values.length + " values; expected one");
        }
        return values[0];
    }

    /** What the scores are multiplied with. */
    float scale() {
        return scale;
    }
}
