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
    private static final double HEADING = 16;
    private static final double MIN_SIDE = 24;
    private static final double MAX_SIDE = 72;

    /** Below this side a name does not fit under a picture; columns get headings instead. */
    private static final double NAMED_SIDE = 42;

    private static final double NARROW_GAP = 2;
    private static final double NARROW_CAPTION = 4;

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

    /** How many thumbnails stand side by side in a width: all as small as can be, or named. */
    static int columnsIn(double width, boolean named) {
        double least = named ? NAMED_SIDE + GAP : MIN_SIDE + NARROW_GAP;
        return Math.max(1, (int) ((width - LABEL - GAP) / least));
    }

    private double share(double gap) {
        double room = getWidth() - LABEL - GAP;
        return Math.floor(room / Math.max(1, layout.widest())) - gap;
    }

    private boolean narrow() {
        return share(GAP) < NAMED_SIDE;
    }

    /** The side of a thumbnail in the present width. */
    double side() {
        return Math.clamp(share(gap()), MIN_SIDE, MAX_SIDE);
    }

    private double gap() {
        return narrow() ? NARROW_GAP : GAP;
    }

    private double caption() {
        return narrow() ? NARROW_CAPTION : CAPTION;
    }

    private double pitch() {
        return side() + caption() + gap();
    }

    private double heading() {
        return headed() ? HEADING : 0;
    }

    /** Whether the numbers of the heads stand over the columns. */
    private boolean headed() {
        return narrow() && grid.orderProperty().get() == HeadOrder.POSITION && !layout.wrapped();
    }

    /** The height of all lines together. */
    double contentHeight() {
        return heading() + layout.lines() * pitch() + GAP;
    }

    private double leftOf(int column) {
        return column * columnWidth();
    }

    private double columnWidth() {
        return side() + gap();
    }

    double topOf(int line) {
        return line * pitch();
    }

    /** The room for lines, below the headings. */
    double lineRoom() {
        return getHeight() - heading();
    }

    double lineHeight() {
        return pitch();
    }

    @Nullable HeadRef headAt(double x, double y) {
        double side = side();
        double across = x - LABEL;
        double down = y + scroll - GAP - heading();
        int column = (int) Math.floor(across / columnWidth());
        int line = (int) Math.floor(down / pitch());
        boolean inside =
                x >= LABEL
                        && y >= heading()
                        && across - leftOf(column) <= side
                        && down - line * pitch() <= side + caption();
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
        clipped(g, 0, heading(), width, height);
        for (int line = first; line <= last; line++) {
            lineLabel(g, line, yOf(line));
        }
        g.restore();
        columnHeadings(g, width);
        clipped(g, LABEL - GAP, Math.max(0, heading() - NARROW_GAP), width, height);
        for (int line = first; line <= last; line++) {
            List<HeadRef> heads = layout.line(line);
            for (int column = 0; column < heads.size(); column++) {
                if (!thumbnail(g, heads.get(column), xOf(column), yOf(line))) {
                    missing.add(heads.get(column));
                }
            }
        }
        g.restore();
        tag(g, width, height);
        thumbnails.want(missing);
    }

    private double xOf(int column) {
        return LABEL + leftOf(column);
    }

    private double yOf(int line) {
        return heading() + GAP + line * pitch() - scroll;
    }

    private static void clipped(
            GraphicsContext g, double left, double top, double right, double bottom) {
        g.save();
        g.beginPath();
        g.rect(left, top, right - left, bottom - top);
        g.clip();
    }

    /** The index of each head over its column, where names find no room. */
    private void columnHeadings(GraphicsContext g, double width) {
        if (!headed()) {
            return;
        }
        clipped(g, LABEL - GAP, 0, width, HEADING);
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        HeadRef strong = grid.selectedHeadProperty().get();
        for (int column = 0; column < layout.widest(); column++) {
            boolean ofSelected = strong != null && strong.head() == column;
            g.setFill(ofSelected ? ink() : muted());
            g.fillText(Integer.toString(column), xOf(column) + side() / 2, HEADING / 2);
        }
        g.restore();
    }

    /** The name and the score of the hovered head, over the grid, where they find no room in it. */
    private void tag(GraphicsContext g, double width, double height) {
        HeadRef head = grid.hoveredHeadProperty().get();
        int line = head == null ? -1 : layout.lineOf(head);
        if (head == null || line < 0) {
            return;
        }
        Double score = grid.scores().get(head);
        String name = grid.nameOf(head);
        String words =
                score == null || score.isNaN() ? name : name + " " + NumberText.probability(score);
        if (!narrow() && text.of(words) <= side() + GAP) {
            return;
        }
        double wide = text.of(words) + 12;
        double middle = xOf(layout.line(line).indexOf(head)) + side() / 2;
        double x = Math.clamp(middle - wide / 2, 0, Math.max(0, width - wide));
        double below = yOf(line) + side() + 3;
        double y = below + HEADING <= height ? below : yOf(line) - HEADING - 3;
        g.setFill(ink());
        g.fillRoundRect(x, y, wide, HEADING, 6, 6);
        g.setFill(ground());
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        g.fillText(words, x + wide / 2, y + HEADING / 2);
    }

    private void lineLabel(GraphicsContext g, int line, double y) {
        g.setFill(muted());
        g.setTextAlign(TextAlignment.RIGHT);
        g.setTextBaseline(VPos.CENTER);
        g.fillText(labelOf(line), LABEL - GAP, y + side() / 2);
    }

    /** The layer, the first head where a line goes on with a layer, or the rank. */
    private String labelOf(int line) {
        if (grid.orderProperty().get() != HeadOrder.POSITION) {
            return Integer.toString(line * layout.widest() + 1);
        }
        HeadRef first = layout.line(line).getFirst();
        return first.head() > 0
                ? "H" + first.head()
                : shortLabel(grid.rows().get(first.site()).label());
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
        if (!grid.marked().isEmpty() && !grid.marked().contains(head)) {
            g.setGlobalAlpha(0.75);
            g.setFill(ground());
            g.fillRect(x, y, side, side);
            g.setGlobalAlpha(1);
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
        if (narrow()) {
            scoreBar(g, score, x, y);
            return;
        }
        String name = grid.nameOf(head);
        if (score == null || score.isNaN()) {
            g.setTextAlign(TextAlignment.CENTER);
            g.setFill(strong ? ink() : muted());
            g.fillText(text.fitted(name, side + GAP), x + side / 2, y + 8);
            return;
        }
        scoreBar(g, score, x, y);
        String number = NumberText.probability(score);
        boolean both = text.of(name + " " + number) <= side + GAP;
        g.setFill(strong ? ink() : muted());
        g.setTextAlign(both ? TextAlignment.LEFT : TextAlignment.CENTER);
        g.fillText(text.fitted(name, side + GAP), both ? x : x + side / 2, y + 9);
        if (both) {
            g.setTextAlign(TextAlignment.RIGHT);
            g.setFill(ink());
            g.fillText(number, x + side, y + 9);
        }
    }

    private void scoreBar(GraphicsContext g, @Nullable Double score, double x, double y) {
        if (score == null || score.isNaN()) {
            return;
        }
        g.setFill(line());
        g.fillRect(x, y + 1, side(), 2);
        g.setFill(accent());
        g.fillRect(x, y + 1, side() * Math.clamp(score / largest(), 0, 1), 2);
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
