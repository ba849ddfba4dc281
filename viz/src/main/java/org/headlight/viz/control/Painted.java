package org.headlight.viz.control;

import javafx.css.CssMetaData;
import javafx.css.Styleable;
import javafx.css.StyleableObjectProperty;
import javafx.css.StyleablePropertyFactory;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.Font;

import java.util.List;

/**
 * A region whose content is painted on a canvas of its own size with paints and a font that come
 * from the style sheet: {@code -hl-ink}, {@code -hl-ink-muted}, {@code -hl-accent}, {@code
 * -hl-accent-ink}, {@code -hl-second}, {@code -hl-second-ground}, {@code -hl-ground}, {@code
 * -hl-line} and {@code -hl-font}. At most one painting per pulse.
 */
public abstract class Painted extends Region {
    private static final StyleablePropertyFactory<Painted> FACTORY =
            new StyleablePropertyFactory<>(Region.getClassCssMetaData());
    private static final CssMetaData<Painted, Paint> INK =
            FACTORY.createPaintCssMetaData("-hl-ink", s -> s.ink, Color.GRAY);
    private static final CssMetaData<Painted, Paint> MUTED =
            FACTORY.createPaintCssMetaData("-hl-ink-muted", s -> s.muted, Color.GRAY);
    private static final CssMetaData<Painted, Paint> ACCENT =
            FACTORY.createPaintCssMetaData("-hl-accent", s -> s.accent, Color.GRAY);
    private static final CssMetaData<Painted, Paint> ACCENT_INK =
            FACTORY.createPaintCssMetaData("-hl-accent-ink", s -> s.accentInk, Color.WHITE);
    private static final CssMetaData<Painted, Paint> SECOND =
            FACTORY.createPaintCssMetaData("-hl-second", s -> s.second, Color.GRAY);
    private static final CssMetaData<Painted, Paint> SECOND_GROUND =
            FACTORY.createPaintCssMetaData("-hl-second-ground", s -> s.secondGround, Color.WHITE);
    private static final CssMetaData<Painted, Paint> GROUND =
            FACTORY.createPaintCssMetaData("-hl-ground", s -> s.ground, Color.TRANSPARENT);
    private static final CssMetaData<Painted, Paint> LINE =
            FACTORY.createPaintCssMetaData("-hl-line", s -> s.line, Color.GRAY);
    private static final CssMetaData<Painted, Font> FONT =
            FACTORY.createFontCssMetaData("-hl-font", s -> s.font, Font.getDefault());

    private final Canvas canvas = new Canvas();
    private final StyleableObjectProperty<Paint> ink = paint(INK, "ink", Color.GRAY);
    private final StyleableObjectProperty<Paint> muted = paint(MUTED, "muted", Color.GRAY);
    private final StyleableObjectProperty<Paint> accent = paint(ACCENT, "accent", Color.GRAY);
    private final StyleableObjectProperty<Paint> accentInk =
            paint(ACCENT_INK, "accentInk", Color.WHITE);
    private final StyleableObjectProperty<Paint> second = paint(SECOND, "second", Color.GRAY);
    private final StyleableObjectProperty<Paint> secondGround =
            paint(SECOND_GROUND, "secondGround", Color.WHITE);
    private final StyleableObjectProperty<Paint> ground = paint(GROUND, "ground", Color.WHITE);
    private final StyleableObjectProperty<Paint> line = paint(LINE, "line", Color.GRAY);
    private final StyleableObjectProperty<Font> font =
            new StyleableObjectProperty<>(Font.getDefault()) {
                @Override
                protected void invalidated() {
                    repaint();
                }

                @Override
                public Object getBean() {
                    return Painted.this;
                }

                @Override
                public String getName() {
                    return "font";
                }

                @Override
                public CssMetaData<Painted, Font> getCssMetaData() {
                    return FONT;
                }
            };

    @SuppressWarnings("this-escape")
    protected Painted(String styleClass) {
        getStyleClass().add(styleClass);
        canvas.setManaged(false);
        canvas.setMouseTransparent(true);
        getChildren().add(canvas);
    }

    private StyleableObjectProperty<Paint> paint(
            CssMetaData<Painted, Paint> meta, String name, Paint initial) {
        return new StyleableObjectProperty<>(initial) {
            @Override
            protected void invalidated() {
                repaint();
            }

            @Override
            public Object getBean() {
                return Painted.this;
            }

            @Override
            public String getName() {
                return name;
            }

            @Override
            public CssMetaData<Painted, Paint> getCssMetaData() {
                return meta;
            }
        };
    }

    /** Asks for a painting at the next pulse; asking again before it costs nothing. */
    public final void repaint() {
        requestLayout();
    }

    /** Paints at once: for parents that paint several regions as one piece of work. */
    public final void paintNow() {
        layoutChildren();
    }

    /** Paints everything on a cleared ground, in the region's own units. */
    protected abstract void paint(GraphicsContext g, double width, double height);

    @Override
    protected void layoutChildren() {
        double width = Math.max(0, Math.ceil(getWidth()));
        double height = Math.max(0, Math.ceil(getHeight()));
        if (canvas.getWidth() != width || canvas.getHeight() != height) {
            canvas.setWidth(width);
            canvas.setHeight(height);
        }
        GraphicsContext g = canvas.getGraphicsContext2D();
        g.clearRect(0, 0, width, height);
        if (width > 0 && height > 0) {
            g.setFont(font.get());
            paint(g, getWidth(), getHeight());
        }
    }

    protected final Paint ink() {
        return ink.get();
    }

    protected final Paint muted() {
        return muted.get();
    }

    protected final Paint accent() {
        return accent.get();
    }

    protected final Paint accentInk() {
        return accentInk.get();
    }

    /** A second accent, for things of another kind. */
    protected final Paint second() {
        return second.get();
    }

    /** The ground of things of another kind. */
    protected final Paint secondGround() {
        return secondGround.get();
    }

    protected final Paint ground() {
        return ground.get();
    }

    protected final Paint line() {
        return line.get();
    }

    protected final Font font() {
        return font.get();
    }

    @Override
    public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
        return FACTORY.getCssMetaData();
    }
}
