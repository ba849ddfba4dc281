package org.headlight.viz.export;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.Polygon;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ImageObserver;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.text.AttributedCharacterIterator;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what is drawn as shapes instead of pixels. Letters are kept as their outlines, so that a
 * figure looks the same where the typeface is missing. Paints are plain colours; there are no
 * images.
 */
final class VectorCanvas extends StatefulGraphics {
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private final List<VectorMark> marks;

    VectorCanvas() {
        this(
                new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB).createGraphics(),
                new ArrayList<>());
    }

    private VectorCanvas(Graphics2D state, List<VectorMark> marks) {
        super(state);
        this.marks = marks;
    }

    /** What was drawn, the lowest first. */
    List<VectorMark> marks() {
        return List.copyOf(marks);
    }

    private void keep(Shape shape, boolean line, String text) {
        AffineTransform transform = getTransform();
        Shape placed = transform.createTransformedShape(shape);
        BasicStroke stroke = null;
        if (line) {
            stroke = scaled(transform);
            if (stroke == null) {
                placed = transform.createTransformedShape(getStroke().createStrokedShape(shape));
            }
        }
        Shape clip = getClip();
        if (clip != null) {
            Shape bounds = transform.createTransformedShape(clip);
            if (!bounds.contains(placed.getBounds2D()) && !level(placed, bounds)) {
                Shape area = stroke == null ? placed : stroke.createStrokedShape(placed);
                Area cut = new Area(area);
                cut.intersect(new Area(bounds));
                placed = cut;
                stroke = null;
            }
        }
        if (!placed.getPathIterator(null).isDone()) {
            marks.add(new VectorMark(new Path2D.Double(placed), getColor(), stroke, text));
        }
    }

    /** Whether a level or upright line, which has no area to be cut, lies within. */
    private static boolean level(Shape shape, Shape bounds) {
        var box = shape.getBounds2D();
        return (box.getWidth() == 0 || box.getHeight() == 0)
                && bounds.getBounds2D().contains(box.getMinX(), box.getMinY())
                && bounds.getBounds2D().outcode(box.getMaxX(), box.getMaxY()) == 0;
    }

    /** The stroke in the figure's units; null where lines do not scale evenly. */
    @SuppressWarnings("NullAway")
    private BasicStroke scaled(AffineTransform transform) {
        double scale = Math.sqrt(Math.abs(transform.getDeterminant()));
        boolean even = (transform.getType() & AffineTransform.TYPE_GENERAL_SCALE) == 0;
        if (!even || !(getStroke() instanceof BasicStroke basic)) {
            return null;
        }
        float[] dash = basic.getDashArray();
        for (int i = 0; dash != null && i < dash.length; i++) {
            dash[i] *= (float) scale;
        }
        return new BasicStroke(
                (float) (basic.getLineWidth() * scale),
                basic.getEndCap(),
                basic.getLineJoin(),
                basic.getMiterLimit(),
                dash,
                (float) (basic.getDashPhase() * scale));
    }

    @Override
    public void draw(Shape shape) {
        keep(shape, true, "");
    }

    @Override
    public void fill(Shape shape) {
        keep(shape, false, "");
    }

    @Override
    public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
        keep(glyphs.getOutline(x, y), false, "");
    }

    @Override
    public void drawString(String text, float x, float y) {
        if (!text.isBlank()) {
            keep(getFont().createGlyphVector(CONTEXT, text).getOutline(x, y), false, text);
        }
    }

    @Override
    public void drawString(String text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void drawString(AttributedCharacterIterator text, float x, float y) {
        AffineTransform to = AffineTransform.getTranslateInstance(x, y);
        StringBuilder words = new StringBuilder();
        for (char c = text.first(); c != AttributedCharacterIterator.DONE; c = text.next()) {
            words.append(c);
        }
        text.first();
        keep(new TextLayout(text, CONTEXT).getOutline(to), false, words.toString());
    }

    @Override
    public void drawString(AttributedCharacterIterator text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public Graphics create() {
        return new VectorCanvas((Graphics2D) state.create(), marks);
    }

    @Override
    public void dispose() {
        state.dispose();
    }

    @Override
    public void drawLine(int x1, int y1, int x2, int y2) {
        draw(new Line2D.Double(x1, y1, x2, y2));
    }

    @Override
    public void fillRect(int x, int y, int width, int height) {
        fill(new Rectangle(x, y, width, height));
    }

    @Override
    public void clearRect(int x, int y, int width, int height) {
        Color before = getColor();
        setColor(getBackground());
        fillRect(x, y, width, height);
        setColor(before);
    }

    @Override
    public void drawRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        draw(new RoundRectangle2D.Double(x, y, width, height, arcWidth, arcHeight));
    }

    @Override
    public void fillRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        fill(new RoundRectangle2D.Double(x, y, width, height, arcWidth, arcHeight));
    }

    @Override
    public void drawOval(int x, int y, int width, int height) {
        draw(new Ellipse2D.Double(x, y, width, height));
    }

    @Override
    public void fillOval(int x, int y, int width, int height) {
        fill(new Ellipse2D.Double(x, y, width, height));
    }

    @Override
    public void drawArc(int x, int y, int width, int height, int start, int angle) {
        draw(new Arc2D.Double(x, y, width, height, start, angle, Arc2D.OPEN));
    }

    @Override
    public void fillArc(int x, int y, int width, int height, int start, int angle) {
        fill(new Arc2D.Double(x, y, width, height, start, angle, Arc2D.PIE));
    }

    @Override
    public void drawPolyline(int[] xs, int[] ys, int count) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < count; i++) {
            if (i == 0) {
                path.moveTo(xs[i], ys[i]);
            } else {
                path.lineTo(xs[i], ys[i]);
            }
        }
        draw(path);
    }

    @Override
    public void drawPolygon(int[] xs, int[] ys, int count) {
        draw(new Polygon(xs, ys, count));
    }

    @Override
    public void fillPolygon(int[] xs, int[] ys, int count) {
        fill(new Polygon(xs, ys, count));
    }

    @Override
    public FontRenderContext getFontRenderContext() {
        return CONTEXT;
    }

    @Override
    public void copyArea(int x, int y, int width, int height, int dx, int dy) {
        throw noImages();
    }

    @Override
    public boolean drawImage(Image image, AffineTransform to, ImageObserver observer) {
        throw noImages();
    }

    @Override
    public void drawImage(BufferedImage image, BufferedImageOp op, int x, int y) {
        throw noImages();
    }

    @Override
    public void drawRenderedImage(RenderedImage image, AffineTransform to) {
        throw noImages();
    }

    @Override
    public void drawRenderableImage(RenderableImage image, AffineTransform to) {
        throw noImages();
    }

    @Override
    public boolean drawImage(Image image, int x, int y, ImageObserver observer) {
        throw noImages();
    }

    @Override
    public boolean drawImage(
            Image image, int x, int y, int width, int height, ImageObserver observer) {
        throw noImages();
    }

    @Override
    public boolean drawImage(Image image, int x, int y, Color page, ImageObserver observer) {
        throw noImages();
    }

    @Override
    public boolean drawImage(
            Image image, int x, int y, int width, int height, Color page, ImageObserver observer) {
        throw noImages();
    }

    @Override
    @SuppressWarnings("checkstyle:parameternumber") // Graphics has it so
    public boolean drawImage(
            Image image,
            int dx1,
            int dy1,
            int dx2,
            int dy2,
            int sx1,
            int sy1,
            int sx2,
            int sy2,
            ImageObserver observer) {
        throw noImages();
    }

    @Override
    @SuppressWarnings("checkstyle:parameternumber") // Graphics has it so
    public boolean drawImage(
            Image image,
            int dx1,
            int dy1,
            int dx2,
            int dy2,
            int sx1,
            int sy1,
            int sx2,
            int sy2,
            Color page,
            ImageObserver observer) {
        throw noImages();
    }

    private static UnsupportedOperationException noImages() {
        return new UnsupportedOperationException("a vector figure has no images");
    }
}
