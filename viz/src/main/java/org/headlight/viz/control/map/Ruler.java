package org.headlight.viz.control.map;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.TextAlignment;

import org.headlight.engine.token.Token;
import org.headlight.viz.control.Painted;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Tick;
import org.headlight.viz.raster.Ticks;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The scale along one side of the map: a label for each token where cells are large enough, round
 * positions otherwise, and always the label of the cell that is looked at.
 */
final class Ruler extends Painted {
    /** The least size of a cell that gets a label of its own. */
    static final double LABEL_CELL = 9;

    private static final double SLANT_CELL = 17;
    private static final double TICK_ROOM = 56;
    private static final double TICK = 4;
    private static final double GAP = 4;
    private static final double PILL = 16;

    private final boolean top;
    private TextWidth text = new TextWidth(font());
    private @Nullable MapViewport view;
    private double density = 1;
    private int count;
    private List<Token> tokens = List.of();
    private boolean roomy;
    private final List<Integer> marked = new ArrayList<>();

    /**
     * A ruler.
     *
     * @param top above the map, over the keys; otherwise at its left, along the queries
     */
    Ruler(boolean top) {
        super("heatmap-ruler");
        this.top = top;
    }

    /**
     * What to show.
     *
     * @param cells cells along this side
     * @param labels their tokens, or empty
     * @param named whether there is room to name them
     */
    void show(MapViewport shown, double scale, int cells, List<Token> labels, boolean named) {
        view = shown;
        density = scale;
        count = cells;
        tokens = labels;
        roomy = named;
    }

    /** The width of a digit. */
    double digit() {
        return measured().cell();
    }

    private TextWidth measured() {
        if (!text.font().equals(font())) {
            text = new TextWidth(font());
        }
        return text;
    }

    /** The positions whose labels stand out; the last one is the one looked at. */
    void mark(List<Integer> positions) {
        marked.clear();
        marked.addAll(positions);
    }

    /** Whether every cell has a label of its own now. */
    boolean labelled() {
        return roomy && !tokens.isEmpty();
    }

    private double cell(MapViewport shown) {
        return 1 / shown.cellsPerPixel() / density;
    }

    private double centre(MapViewport shown, int position) {
        double from = top ? shown.xOf(position) : shown.yOf(position);
        return from / density + cell(shown) / 2;
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        MapViewport shown = view;
        if (shown == null || count == 0) {
            return;
        }
        measured();
        double length = top ? width : height;
        int last = (top ? shown.colAt(shown.width() - 1) : shown.rowAt(shown.height() - 1)) + 1;
        int first = Math.max(0, top ? shown.colAt(0) : shown.rowAt(0));
        int end = Math.min(count, last);
        g.save();
        g.beginPath();
        g.rect(0, 0, width, height);
        g.clip();
        g.setTextBaseline(VPos.CENTER);
        List<Pill> pills =
                marked.stream()
                        .filter(at -> at >= first && at < end)
                        .map(at -> pill(shown, at, width, height))
                        .toList();
        if (labelled()) {
            for (int at = first; at < end; at++) {
                label(g, shown, at, width, height);
            }
        } else {
            double seen = Math.min(length, (end - first) * cell(shown));
            int most = (int) Math.max(2, seen / TICK_ROOM);
            for (Tick tick : Ticks.positions(first, end, most)) {
                tick(g, shown, tick, pills);
            }
        }
        pills.forEach(pill -> pill(g, pill));
        g.restore();
    }

    /** A label that stands out. */
    private record Pill(String label, double x, double y, double wide) {}

    /** A mark, and its number where no label that stands out would lie on it. */
    private void tick(GraphicsContext g, MapViewport shown, Tick tick, List<Pill> pills) {
        double width = getWidth();
        double height = getHeight();
        double at = Math.rint(centre(shown, (int) tick.value())) + 0.5;
        g.setStroke(line());
        g.setFill(muted());
        if (top) {
            g.strokeLine(at, height - TICK, at, height);
            g.setTextAlign(TextAlignment.CENTER);
            double half = text.of(tick.label()) / 2;
            double x = Math.clamp(at, half, Math.max(half, width - half));
            boolean free =
                    pills.stream().allMatch(p -> x + half < p.x - 2 || x - half > p.x + p.wide + 2);
            if (free) {
                g.fillText(tick.label(), x, height - TICK - 8);
            }
        } else {
            g.strokeLine(width - TICK, at, width, at);
            g.setTextAlign(TextAlignment.RIGHT);
            double y = Math.clamp(at, 6, height - 6);
            if (pills.stream().allMatch(p -> y + 6 < p.y || y - 6 > p.y + PILL)) {
                g.fillText(tick.label(), width - TICK - GAP, y);
            }
        }
    }

    private void label(GraphicsContext g, MapViewport shown, int at, double width, double height) {
        TokenLabel token = TokenLabel.of(tokens.get(at));
        double centre = centre(shown, at);
        String index = Integer.toString(at);
        double indexWidth = text.of(index);
        if (top) {
            boolean slanted = cell(shown) >= SLANT_CELL;
            double room = (slanted ? (height - 8) * Math.sqrt(2) : height) - GAP;
            g.save();
            g.translate(centre, height - GAP);
            g.rotate(slanted ? -45 : -90);
            g.setTextAlign(TextAlignment.LEFT);
            g.setFill(muted());
            g.fillText(index, 0, 0);
            g.setFill(ink());
            double after = indexWidth + text.cell();
            g.fillText(text.fitted(token.text(), room - after), after, 0);
            g.restore();
        } else {
            g.setTextAlign(TextAlignment.RIGHT);
            g.setFill(muted());
            g.fillText(index, width - GAP, centre);
            g.setFill(ink());
            double after = indexWidth + text.cell();
            g.fillText(text.fitted(token.text(), width - GAP - after), width - GAP - after, centre);
        }
    }

    private Pill pill(MapViewport shown, int at, double width, double height) {
        String index = NumberText.count(at);
        String name = at < tokens.size() ? " " + TokenLabel.of(tokens.get(at)).text() : "";
        double centre = centre(shown, at);
        double room = top ? Math.min(width, 200) : width;
        String whole = top || roomy ? index + name : index;
        String label = text.fitted(whole, room - 2 * GAP);
        double wide = text.of(label) + 2 * GAP;
        double x = top ? Math.clamp(centre - wide / 2, 0, Math.max(0, width - wide)) : width - wide;
        double y =
                top ? height - PILL : Math.clamp(centre - PILL / 2, 0, Math.max(0, height - PILL));
        return new Pill(label, x, y, wide);
    }

    private void pill(GraphicsContext g, Pill pill) {
        g.setFill(accent());
        g.fillRoundRect(pill.x, pill.y, pill.wide, PILL, 4, 4);
        g.setFill(accentInk());
        g.setTextAlign(TextAlignment.LEFT);
        g.fillText(pill.label, pill.x + GAP, pill.y + PILL / 2);
    }
}
