package org.headlight.viz.chart;

import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

import org.headlight.viz.control.Painted;
import org.headlight.viz.raster.NumberText;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where time went, one bar below the other on one axis; parts have their names in them. */
public final class TimeBars extends Painted {
    private static final double NAME_GAP = 10;
    private static final double TOTAL = 64;
    private static final double BAR = 20;
    private static final double GAP = 6;
    private static final double KEY = 18;
    private static final double SWATCH = 9;

    private List<Bar> bars = List.of();
    private String unit = "";

    /** What a part of a bar is; parts of a sort look alike in every bar. */
    public enum Sort {
        /** The work that is compared. */
        MAIN,
        /** What is spent to save it. */
        EXTRA,
        /** What stays as it is. */
        REST
    }

    /**
     * A part of a bar.
     *
     * @param name such as "attend"
     */
    public record Part(String name, Sort sort, double value) {}

    /** A bar with its name and its parts, from left to right. */
    public record Bar(String name, List<Part> parts) {
        public Bar {
            parts = List.copyOf(parts);
        }

        double total() {
            return parts.stream().mapToDouble(Part::value).sum();
        }
    }

    public TimeBars() {
        super("time-bars");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setMinSize(200, 2 * (BAR + GAP) + KEY);
    }

    /** Shows bars of numbers of a unit, such as "ms". */
    public void show(List<Bar> newBars, String newUnit) {
        bars = List.copyOf(newBars);
        unit = newUnit;
        setAccessibleText(bars.stream().map(this::words).collect(Collectors.joining("; ")));
        setPrefHeight(bars.size() * (BAR + GAP) + KEY);
        setMinHeight(bars.size() * (BAR + GAP) + KEY);
        repaint();
    }

    private String words(Bar bar) {
        return bar.name
                + " "
                + number(bar.total())
                + bar.parts.stream()
                        .map(part -> part.name + " " + number(part.value))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private String number(double value) {
        return NumberText.plain(value) + " " + unit;
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        double most = bars.stream().mapToDouble(Bar::total).max().orElse(0);
        double names = NAME_GAP + bars.stream().mapToDouble(b -> length(b.name)).max().orElse(0);
        double room = Math.max(1, width - names - TOTAL);
        g.setTextBaseline(VPos.CENTER);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double y = i * (BAR + GAP);
            double middle = y + BAR / 2;
            g.setTextAlign(TextAlignment.LEFT);
            g.setFill(muted());
            g.fillText(bar.name, 0, middle);
            double x = names;
            for (Part part : bar.parts) {
                double w = most > 0 ? part.value / most * room : 0;
                part(g, part, x, y, w);
                x += w;
            }
            g.setFill(ink());
            g.fillText(number(bar.total()), x + 6, middle);
        }
        key(g, names, bars.size() * (BAR + GAP));
    }

    /** What the colours mean: narrow parts have no room for their names. */
    private void key(GraphicsContext g, double left, double y) {
        Map<Sort, String> named = new EnumMap<>(Sort.class);
        bars.forEach(bar -> bar.parts.forEach(part -> named.putIfAbsent(part.sort, part.name)));
        double x = left;
        for (Map.Entry<Sort, String> entry : named.entrySet()) {
            g.setFill(fill(entry.getKey()));
            g.fillRect(x, y + (KEY - SWATCH) / 2, SWATCH, SWATCH);
            g.setFill(muted());
            g.fillText(entry.getValue(), x + SWATCH + 5, y + KEY / 2);
            x += SWATCH + 5 + length(entry.getValue()) + 14;
        }
    }

    private void part(GraphicsContext g, Part part, double x, double y, double w) {
        g.setFill(fill(part.sort));
        g.fillRect(x, y, Math.max(w, 0.5), BAR);
        g.setStroke(ground());
        g.strokeLine(x, y, x, y + BAR);
        if (length(part.name) + 8 < w) {
            g.setFill(part.sort == Sort.REST ? ink() : accentInk());
            g.fillText(part.name, x + 4, y + BAR / 2);
        }
    }

    private double length(String words) {
        Text measure = new Text(words);
        measure.setFont(font());
        return measure.getLayoutBounds().getWidth();
    }

    private Paint fill(Sort sort) {
        return switch (sort) {
            case MAIN -> accent();
            case EXTRA -> second();
            case REST -> line() instanceof Color c ? c : Color.GRAY;
        };
    }
}
