package org.headlight.viz.chart;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** How points of one kind look: shapes tell kinds apart without colours. */
final class PointMarks {
    private static final List<Shape> SHAPES =
            List.of(
                    new Ellipse2D.Double(-4, -4, 8, 8),
                    new Rectangle2D.Double(-3.5, -3.5, 7, 7),
                    polygon(0, -5, 5, 4, -5, 4),
                    polygon(0, -5, 5, 0, 0, 5, -5, 0),
                    polygon(0, 5, 5, -4, -5, -4),
                    polygon(
                            -1.5, -5, 1.5, -5, 1.5, -1.5, 5, -1.5, 5, 1.5, 1.5, 1.5, 1.5, 5, -1.5,
                            5, -1.5, 1.5, -5, 1.5, -5, -1.5, -1.5, -1.5),
                    polygon(-5, -5, 5, -5, -5, 5, 5, 5),
                    polygon(-5, 0, 0, -3, 5, 0, 0, 3),
                    new Rectangle2D.Double(-1.5, -5, 3, 10));

    /**
     * Mostly Okabe and Ito's colours, which can be told apart with every common colour blindness.
     */
    private static final List<Color> COLORS =
            List.of(
                    new Color(0x0072B2),
                    new Color(0xD55E00),
                    new Color(0x009E73),
                    new Color(0xCC79A7),
                    new Color(0xE69F00),
                    new Color(0x56B4E9),
                    new Color(0x8A7D00),
                    new Color(0x7F7F7F),
                    new Color(0xA65628));

    private PointMarks() {}

    /** How many kinds look different. */
    static int kinds() {
        return COLORS.size();
    }

    static Shape shape(int kind) {
        return SHAPES.get(kind % SHAPES.size());
    }

    static Color color(int kind) {
        return COLORS.get(kind % COLORS.size());
    }

    private static Shape polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }
}
