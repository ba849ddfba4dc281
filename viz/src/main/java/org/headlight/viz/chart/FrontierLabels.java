package org.headlight.viz.chart;

import org.jfree.chart.ui.TextAnchor;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Finds places for names beside points: where they cover no other name and few points. */
final class FrontierLabels {
    private static final double GAP = 9;
    private static final double PER_LETTER = 0.56;
    private static final double OUTSIDE = 100;
    private static final double ON_NAME = 20;

    private final double width;
    private final double height;
    private final double size;
    private final List<double[]> points = new ArrayList<>();
    private final List<Rectangle2D> taken = new ArrayList<>();

    /**
     * @param size of the letters, in units of the window
     */
    FrontierLabels(double width, double height, double size) {
        this.width = width;
        this.height = height;
        this.size = size;
    }

    /** A point that names should not cover. */
    void avoid(double[] point) {
        points.add(point);
    }

    /**
     * Takes the best place for a name.
     *
     * @param anchors points beside which it may stand, the best first; at least one
     */
    FrontierLabel place(String name, List<double[]> anchors) {
        double wide = name.length() * size * PER_LETTER;
        double high = size * 1.2;
        Rectangle2D bestBox = new Rectangle2D.Double();
        FrontierLabel best = new FrontierLabel(0, 0, TextAnchor.CENTER_LEFT);
        double least = Double.POSITIVE_INFINITY;
        int rank = 0;
        for (double[] anchor : anchors) {
            for (int side = 0; side < 4; side++) {
                FrontierLabel label = beside(anchor, side, high);
                Rectangle2D box = box(label, wide, high);
                double cost = cost(box) + 0.3 * rank + 0.05 * side;
                if (cost < least) {
                    least = cost;
                    best = label;
                    bestBox = box;
                }
            }
            rank++;
        }
        taken.add(bestBox);
        return best;
    }

    private static FrontierLabel beside(double[] anchor, int side, double high) {
        return switch (side) {
            case 0 -> new FrontierLabel(anchor[0] + GAP, anchor[1], TextAnchor.CENTER_LEFT);
            case 1 -> new FrontierLabel(anchor[0] - GAP, anchor[1], TextAnchor.CENTER_RIGHT);
            case 2 -> new FrontierLabel(anchor[0], anchor[1] - GAP - high / 2, TextAnchor.CENTER);
            default -> new FrontierLabel(anchor[0], anchor[1] + GAP + high / 2, TextAnchor.CENTER);
        };
    }

    private static Rectangle2D box(FrontierLabel label, double wide, double high) {
        double left =
                label.anchor().equals(TextAnchor.CENTER_LEFT)
                        ? label.x()
                        : label.anchor().equals(TextAnchor.CENTER_RIGHT)
                                ? label.x() - wide
                                : label.x() - wide / 2;
        return new Rectangle2D.Double(left, label.y() - high / 2, wide, high);
    }

    private double cost(Rectangle2D box) {
        double cost = 0;
        boolean inside =
                box.getMinX() >= FrontierPlot.LEFT
                        && box.getMaxX() <= width
                        && box.getMinY() >= FrontierPlot.TOP / 2.0
                        && box.getMaxY() <= height - FrontierPlot.BOTTOM + 2;
        cost += inside ? 0 : OUTSIDE;
        for (Rectangle2D other : taken) {
            cost += other.intersects(box) ? ON_NAME : 0;
        }
        for (double[] point : points) {
            boolean covered =
                    point[0] > box.getMinX() - 4
                            && point[0] < box.getMaxX() + 4
                            && point[1] > box.getMinY() - 2
                            && point[1] < box.getMaxY() + 2;
            cost += covered ? 1 : 0;
        }
        return cost;
    }
}
