package org.headlight.viz.chart;

import org.jfree.chart.block.RectangleConstraint;
import org.jfree.chart.title.Title;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.Size2D;
import org.jfree.chart.ui.VerticalAlignment;
import org.jspecify.annotations.Nullable;

import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Marks with their names in lines above a chart, of a height that is known before it is drawn. */
final class KindLegend extends Title {
    private static final long serialVersionUID = 1L;

    private static final double LINE = 16;
    private static final double MARK = 14;
    private static final double GAP = 12;

    /** What a letter takes, on average: names are placed before there is anything to measure by. */
    private static final double LETTER = 5.6;

    private final transient List<Entry> entries;
    private final transient ChartLook look;
    private final double left;

    /**
     * A mark and what it stands for.
     *
     * @param name for people
     * @param mark around (0, 0)
     * @param color of the mark
     */
    record Entry(String name, Shape mark, java.awt.Color color) {
        private double width() {
            return MARK + name.length() * LETTER + GAP;
        }
    }

    KindLegend(List<Entry> entries, ChartLook look, double left) {
        super(
                RectangleEdge.TOP,
                HorizontalAlignment.LEFT,
                VerticalAlignment.TOP,
                RectangleInsets.ZERO_INSETS);
        this.entries = List.copyOf(entries);
        this.look = look;
        this.left = left;
    }

    /** How high it is in a chart of this width. */
    static double height(List<Entry> entries, double width, double left) {
        return lines(entries, width - left).size() * LINE;
    }

    private static List<List<Entry>> lines(List<Entry> entries, double room) {
        List<List<Entry>> lines = new ArrayList<>();
        double used = room;
        for (Entry entry : entries) {
            if (lines.isEmpty() || used + entry.width() > room) {
                lines.add(new ArrayList<>());
                used = 0;
            }
            lines.getLast().add(entry);
            used += entry.width();
        }
        return lines;
    }

    @Override
    public Size2D arrange(Graphics2D g, RectangleConstraint constraint) {
        double width = constraint.getWidthRange().getUpperBound();
        return new Size2D(width, height(entries, width, left));
    }

    @Override
    public void draw(Graphics2D g, Rectangle2D area) {
        g.setFont(look.font());
        double y = area.getY() + LINE / 2;
        for (List<Entry> line : lines(entries, area.getWidth() - left)) {
            double x = area.getX() + left;
            for (Entry entry : line) {
                g.setPaint(entry.color());
                g.fill(
                        AffineTransform.getTranslateInstance(x + MARK / 2, y)
                                .createTransformedShape(entry.mark()));
                g.setPaint(look.muted());
                g.drawString(entry.name(), (float) (x + MARK), (float) (y + 4));
                x += entry.width();
            }
            y += LINE;
        }
    }

    @Override
    public @Nullable Object draw(Graphics2D g, Rectangle2D area, @Nullable Object parameters) {
        draw(g, area);
        return null;
    }
}
