package org.headlight.viz.chart;

import javafx.scene.text.Text;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.LineMetrics;

/**
 * A font of the window under its JavaFX family name, with the measures that JavaFX gives it. So a
 * chart is drawn in the bundled typefaces, and Java2D never has to look for fonts of its own.
 */
final class ChartFont extends Font {
    private static final long serialVersionUID = 1L;

    private final String window;
    private final transient LineMetrics lines;

    ChartFont(javafx.scene.text.Font font) {
        super(font.getFamily(), PLAIN, (int) Math.round(font.getSize()));
        window = font.getFamily();
        Text probe = new Text("0");
        probe.setFont(font);
        float ascent = (float) probe.getBaselineOffset();
        lines = new ChartFontMetrics(ascent, (float) probe.getLayoutBounds().getHeight() - ascent);
    }

    @Override
    public String getFamily() {
        return window;
    }

    @Override
    public LineMetrics getLineMetrics(String text, FontRenderContext context) {
        return lines;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChartFont font && super.equals(font) && window.equals(font.window);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
