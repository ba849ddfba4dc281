package org.headlight.viz.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.viz.raster.Scale;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.junit.jupiter.api.Test;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

class ScaleAxisTest {
    private static final Rectangle2D AREA = new Rectangle2D.Double(44, 16, 200, 120);

    private static List<NumberTick> ticks(ScaleAxis axis) {
        var image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        return axis.refreshTicks(image.createGraphics(), new AxisState(), AREA, RectangleEdge.LEFT);
    }

    @Test
    void logarithmicScalesAreNumberedByDecades() {
        ScaleAxis axis = new ScaleAxis("weight");
        axis.setScale(new Scale(Scale.Kind.LOG, 1e-4f, 1));
        assertThat(ticks(axis)).extracting(NumberTick::getText).contains("0.001", "0.01", "0.1");
        assertThat(axis.valueToJava2D(0.01, AREA, RectangleEdge.LEFT)).isEqualTo(76, within(1e-3));
        assertThat(axis.java2DToValue(76, AREA, RectangleEdge.LEFT)).isEqualTo(0.01, within(1e-6));
    }

    @Test
    void gridLinesFallOnTheMiddlesOfPixels() {
        ScaleAxis axis = new ScaleAxis("weight");
        axis.setScale(new Scale(Scale.Kind.LINEAR, 0, 0.37f));
        for (NumberTick tick : ticks(axis)) {
            double y = axis.valueToJava2D(tick.getValue(), AREA, RectangleEdge.LEFT);
            assertThat(y - Math.floor(y)).isEqualTo(0.5, within(1e-3));
        }
    }

    @Test
    void theCursorOfAPositionLiesInItsPixelColumn() {
        PositionAxis axis = new PositionAxis("key position");
        axis.setCount(32_768);
        double x = axis.valueToJava2D(axis.middle(20_000, 200), AREA, RectangleEdge.BOTTOM);
        assertThat(x).isEqualTo(44 + 122 + 0.5, within(1e-6));
    }
}
