package org.headlight.viz.chart;

import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;

import org.headlight.viz.control.Painted;
import org.jfree.chart.JFreeChart;
import org.jfree.fx.FXGraphics2D;
import org.jfree.fx.FXHints;
import org.jspecify.annotations.Nullable;

import java.awt.Rectangle;

/**
 * A region that shows a chart in the look that the style sheet gives it. Nothing of a chart is made
 * before it is first painted.
 */
public abstract class ChartPane extends Painted {
    private @Nullable ChartLook look;

    protected ChartPane(String styleClass) {
        super(styleClass);
    }

    /**
     * The chart to draw now.
     *
     * @param look colours and font; the same object for as long as they stay
     * @param width in whole pixels
     * @param height in whole pixels
     */
    protected abstract JFreeChart chart(ChartLook look, int width, int height);

    /** The chart in another look and size than the window's: for figures. */
    public final JFreeChart chartFor(ChartLook other, int width, int height) {
        requestLayout();
        return chart(other, width, height);
    }

    private ChartLook look() {
        ChartLook old = look;
        ChartLook now =
                new ChartLook(
                        ChartLook.color(ink()),
                        ChartLook.color(muted()),
                        ChartLook.color(line()),
                        ChartLook.color(ground()),
                        ChartLook.color(accent()),
                        old != null && sameFont(old) ? old.font() : new ChartFont(font()));
        if (old != null && now.equals(old)) {
            return old;
        }
        look = now;
        return now;
    }

    private boolean sameFont(ChartLook old) {
        return old.font().getFamily().equals(font().getFamily())
                && old.font().getSize() == Math.round(font().getSize());
    }

    /** With new graphics each time: they remember state that the canvas has since given up. */
    @Override
    protected final void paint(GraphicsContext g, double width, double height) {
        int w = (int) width;
        int h = (int) height;
        JFreeChart chart = chart(look(), w, h);
        g.save();
        g.setFill(Color.BLACK);
        g.setStroke(Color.BLACK);
        FXGraphics2D graphics = new FXGraphics2D(g);
        graphics.setRenderingHint(FXHints.KEY_USE_FX_FONT_METRICS, true);
        chart.draw(graphics, new Rectangle(w, h), null, null);
        g.restore();
        paintOver(g, width, height);
    }

    /** Paints what lies over the chart, in the region's own units; nothing unless overridden. */
    protected void paintOver(GraphicsContext g, double width, double height) {
        // Most charts are all there is.
    }
}
