package org.headlight.viz.chart;

import java.awt.Font;
import java.awt.font.LineMetrics;

/** The measures of a line of text, for charts that only place it. */
final class ChartFontMetrics extends LineMetrics {
    private final float ascent;
    private final float descent;

    ChartFontMetrics(float ascent, float descent) {
        this.ascent = ascent;
        this.descent = descent;
    }

    @Override
    public int getNumChars() {
        return 1;
    }

    @Override
    public float getAscent() {
        return ascent;
    }

    @Override
    public float getDescent() {
        return descent;
    }

    @Override
    public float getLeading() {
        return 0;
    }

    @Override
    public float getHeight() {
        return ascent + descent;
    }

    @Override
    public int getBaselineIndex() {
        return Font.ROMAN_BASELINE;
    }

    @Override
    public float[] getBaselineOffsets() {
        return new float[] {0, (descent - ascent) / 2, -ascent};
    }

    @Override
    public float getStrikethroughOffset() {
        return -ascent / 3;
    }

    @Override
    public float getStrikethroughThickness() {
        return 1;
    }

    @Override
    public float getUnderlineOffset() {
        return 1;
    }

    @Override
    public float getUnderlineThickness() {
        return 1;
    }
}
