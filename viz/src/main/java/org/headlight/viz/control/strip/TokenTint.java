package org.headlight.viz.control.strip;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;

/**
 * A number for each token by which a {@link TokenStrip} is tinted, through its colour map. NaN is
 * no value: such a token has no tint. Immutable.
 */
public final class TokenTint {
    private final String name;
    private final float[] values;
    private final Scale scale;

    private TokenTint(String name, float[] values, Scale scale) {
        this.name = name;
        this.values = values;
        this.scale = scale;
    }

    /**
     * A tint.
     *
     * @param name what the numbers are, for people, such as "received mass"
     * @param values one for each token; tokens beyond the end have none
     * @param scale from values to colours
     */
    public static TokenTint of(String name, float[] values, Scale scale) {
        return new TokenTint(name, values.clone(), scale);
    }

    /** What the numbers are, for people. */
    public String name() {
        return name;
    }

    /** From values to colours. */
    public Scale scale() {
        return scale;
    }

    /** The number of a token; NaN for none. */
    public float value(int position) {
        return position < values.length ? values[position] : Float.NaN;
    }

    /** What is said about a token: "received mass 0.42"; empty for none. */
    String text(int position) {
        float value = value(position);
        return Float.isNaN(value) ? "" : name + " " + NumberText.plain(value);
    }
}
