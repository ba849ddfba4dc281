package org.headlight.viz.control.grid;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.WritableImage;
import javafx.scene.text.TextAlignment;

import org.headlight.viz.control.Painted;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Paints the thumbnails that are seen, and knows where each head is. */
final class GridCanvas extends Painted {
    private static final double GAP = 4;
    private static final double CAPTION = 14;
    private static final double LABEL = 28;
    private static final double MIN_SIDE = 24;
    private static final double MAX_SIDE = 72;

    private final HeadGrid grid;
    private Thumbnails thumbnails;
    private GridLayout layout = GridLayout.of(List.of(), HeadOrder.POSITION, java.util.Map.of());
    private @Nullable Palette palette;
    private double scroll;
    private TextWidth text = new TextWidth(font());

    GridCanvas(HeadGrid grid, Thumbnails thumbnails) {
        super("head-grid-canvas");
        this.grid = grid;
        this.thumbnails = thumbnails;
    }

    void use(Thumbnails fresh) {
        thumbnails = fresh;
        repaint();
    }

    void update(GridLayout fresh) {
        layout = fresh;
        palette = null;
        repaint();
    }

    GridLayout layoutOfHeads() {
        return layout;
    }

    void scrollTo(double offset) {
        scroll = offset;
        repaint();
    }

    /** The side of a thumbnail in the present width. */
    double side() {
        double room = getWidth() - LABEL - GAP;
        double side = Math.floor(room / Math.max(1, layout.widest())) - GAP;
        return Math.clamp(side, MIN_SIDE, MAX_SIDE);
    }

    private double pitch() {
        return side() + CAPTION + GAP;
    }

    /** The height of all lines together. */
    double contentHeight() {
        return layout.lines() * pitch() + GAP;
    }

    double topOf(int line) {
        return line * pitch();
    }

    double lineHeight() {
        return pitch();
    }

    @Nullable HeadRef headAt(double x, double y) {
        double side = side();
        int column = (int) Math.floor((x - LABEL) / (side + GAP));
        int line = (int) Math.floor((y + scroll - GAP) / pitch());
        boolean inside =
                x - LABEL - column * (side + GAP) <= side
                        && y + scroll - GAP - line * pitch() <= side + CAPTION;
        return inside ? layout.at(line, column) : null;
    }

    private Palette palette() {
        Palette now = palette;
        if (now == null) {
            now = grid.colorMapProperty().get().palette(grid.darkProperty().get());
            palette = now;
        }
        return now;
    }

    @Override
    protected void paint(GraphicsContext g, double width, double height) {
        if (!text.font().equals(font())) {
            text = new TextWidth(font());
        }
        g.setImageSmoothing(false);
        Set<HeadRef> missing = new LinkedHashSet<>();
        int first = Math.max(0, (int) ((scroll - GAP) / pitch()));
        int last = Math.min(layout.lines() - 1, (int) ((scroll + height) / pitch()));
        for (int line = first; line <= last; line++) {
            double y = GAP + line * pitch() - scroll;
            lineLabel(g, line, y);
            List<HeadRef> heads = layout.line(line);
            for (int column = 0; column < heads.size(); column++) {
                double x = LABEL + column * (side() + GAP);
                if (!thumbnail(g, heads.get(column), x, y)) {
                    missing.add(heads.get(column));
                }
            }
        }
        thumbnails.want(missing);
    }

    private void lineLabel(GraphicsContext g, int line, double y) {
        g.setFill(muted());
        g.setTextAlign(TextAlignment.RIGHT);
        g.setTextBaseline(VPos.CENTER);
        String label =
                grid.orderProperty().get() == HeadOrder.POSITION
                        ? shortLabel(grid.rows().get(line).label())
                        : Integer.toString(line * layout.widest() + 1);
        g.fillText(label, LABEL - GAP, y + side() / 2);
    }

    /** "layer 2" is "L2" where there is no room; other labels keep their first characters. */
    private String shortLabel(String label) {
        String[] words = label.split(" ", -1);
        String brief =
                words.length > 1 && words[0].equalsIgnoreCase("layer")
                        ? "L" + words[1] + (words.length > 2 ? words[2].charAt(0) : "")
                        : label;
        return text.fitted(brief, LABEL - GAP);
    }

    private boolean thumbnail(GraphicsContext g, HeadRef head, double x, double y) {
        double side = side();
        WritableImage image = thumbnails.image(head, grid.scaleProperty().get(), palette());
        if (image == null) {
            g.setFill(ground());
            g.fillRect(x, y, side, side);
        } else {
            g.drawImage(image, x, y, side, side);
        }
        boolean selected = head.equals(grid.selectedHeadProperty().get());
        boolean hovered = head.equals(grid.hoveredHeadProperty().get());
        if (selected || hovered) {
            g.setStroke(selected ? accent() : ink());
            g.setLineWidth(selected ? 3 : 2);
            double out = selected ? 1.5 : 1;
            g.strokeRect(x - out, y - out, side + 2 * out, side + 2 * out);
            g.setLineWidth(1);
        }
        caption(g, head, x, y + side, selected || hovered);
        return image != null;
    }

    private void caption(GraphicsContext g, HeadRef head, double x, double y, boolean strong) {
        double side = side();
        Double score = grid.scores().get(head);
        g.setTextBaseline(VPos.CENTER);
        String name = grid.nameOf(head);
        if (score == null || score.isNaN()) {
            g.setTextAlign(TextAlignment.CENTER);
            g.setFill(strong ? ink() : muted());
            g.fillText(text.fitted(name, side + GAP), x + side / 2, y + 8);
            return;
        }
        g.setFill(line());
        g.fillRect(x, y + 1, side, 2);
        g.setFill(accent());
        g.fillRect(x, y + 1, side * Math.clamp(score / largest(), 0, 1), 2);
        String number = NumberText.probability(score);
        boolean both = text.of(name + " " + number) <= side + GAP;
        g.setFill(strong ? ink() : muted());
        g.setTextAlign(both ? TextAlignment.LEFT : TextAlignment.CENTER);
        g.fillText(
                text.fitted(both || !strong ? name : number, side + GAP),
                both ? x : x + side / 2,
                y + 9);
        if (both) {
            g.setTextAlign(TextAlignment.RIGHT);
            g.setFill(ink());
            g.fillText(number, x + side, y + 9);
        }
    }

    private double largest() {
        double most = 1e-12;
        for (Double score : grid.scores().values()) {
            if (!score.isNaN()) {
                most = Math.max(most, score);
            }
        }
        return most;
    }
}
