package org.headlight.viz.control.strip;

import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.beans.value.ChangeListener;
import javafx.event.EventHandler;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.SkinBase;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Toggle;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.shape.SVGPath;

import org.controlsfx.control.SegmentedButton;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.NumberText;

import java.util.List;
import java.util.stream.Collectors;

/** The switch, the tools and the chips. */
final class TokenStripSkin extends SkinBase<TokenStrip> {
    private static final double HEADER = 32;

    private final TokenStrip strip;
    private final StripCanvas canvas;
    private final ScrollBar bar = new ScrollBar();
    private final ToggleButton queryButton = new ToggleButton("Query");
    private final ToggleButton keyButton = new ToggleButton("Key");
    private final SegmentedButton modes = new SegmentedButton(queryButton, keyButton);
    private final Label hint = new Label();
    private final HBox header = new HBox(8);
    private final HBox signs = new HBox(10);
    private final InvalidationListener laid = o -> relayout();
    private final ChangeListener<List<Token>> exchanged = (o, was, now) -> begin(was, now);
    private final InvalidationListener painted = o -> repaint();
    private final InvalidationListener recolored = o -> recolor();
    private final InvalidationListener moded = o -> showMode();
    private final InvalidationListener marked = o -> showMarks();
    private final InvalidationListener revealed = o -> reveal();
    private final EventHandler<KeyEvent> keys = this::key;

    TokenStripSkin(TokenStrip strip) {
        super(strip);
        this.strip = strip;
        canvas = new StripCanvas(strip);
        bar.setOrientation(Orientation.VERTICAL);
        bar.setFocusTraversable(false);
        bar.valueProperty().addListener((o, was, now) -> canvas.scrollTo(now.doubleValue()));
        header();
        getChildren().addAll(header, canvas, bar);
        strip.tokensProperty().addListener(laid);
        strip.tokensProperty().addListener(exchanged);
        painting().forEach(o -> o.addListener(painted));
        coloring().forEach(o -> o.addListener(recolored));
        strip.modeProperty().addListener(moded);
        strip.revealProperty().addListener(revealed);
        strip.marks().addListener(marked);
        strip.addEventHandler(KeyEvent.KEY_PRESSED, keys);
        canvas.setOnMouseMoved(e -> strip.hover(canvas.positionAt(e.getX(), e.getY())));
        canvas.setOnMouseExited(e -> strip.hover(TokenStrip.NONE));
        canvas.setOnMousePressed(e -> strip.requestFocus());
        canvas.setOnMouseClicked(this::clicked);
        canvas.setOnScroll(e -> {
            bar.setValue(Math.clamp(bar.getValue() - e.getDeltaY(), 0, bar.getMax()));
            strip.hover(canvas.positionAt(e.getX(), e.getY()));
            e.consume();
        });
        showMode();
        showMarks();
    }

    private void header() {
        header.getStyleClass().add("token-strip-header");
        header.setAlignment(Pos.CENTER_LEFT);
        queryButton.getStyleClass().addAll("small", "token-strip-query");
        keyButton.getStyleClass().addAll("small", "token-strip-key");
        queryButton.setTooltip(new Tooltip("A click picks the query: the row of the map"));
        keyButton.setTooltip(new Tooltip("A click picks the key: the column of the map"));
        queryButton.setToggleGroup(modes.getToggleGroup());
        keyButton.setToggleGroup(modes.getToggleGroup());
        modes.getToggleGroup()
                .selectedToggleProperty()
                .addListener((o, was, now) -> toggled(was, now));
        hint.getStyleClass().add("token-strip-hint");
        hint.setMinWidth(0);
        modes.setMinWidth(Region.USE_PREF_SIZE);
        header.setFillHeight(false);
        signs.getStyleClass().add("token-strip-signs");
        signs.setAlignment(Pos.CENTER_LEFT);
        signs.setMinWidth(Region.USE_PREF_SIZE);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        header.getChildren().addAll(modes, hint, legend(), signs, space);
        header.getChildren().addAll(strip.tools());
    }

    /** What the lids mean, where there are any. */
    private Node legend() {
        HBox legend = new HBox(10, entry("prompt", "input"), entry("written", "response"));
        legend.getStyleClass().add("token-strip-legend");
        legend.setAlignment(Pos.CENTER_LEFT);
        legend.setMinWidth(Region.USE_PREF_SIZE);
        legend.visibleProperty().bind(strip.responseFromProperty().greaterThan(TokenStrip.NONE));
        legend.managedProperty().bind(legend.visibleProperty());
        return legend;
    }

    /** What the signs mean, where there are any; the hint makes room for it. */
    private void showMarks() {
        signs.getChildren().clear();
        for (int kind = 0; kind < strip.marks().size(); kind++) {
            TokenMarks marks = strip.marks().get(kind);
            SVGPath sign = new SVGPath();
            sign.setContent(marks.sign().shape());
            sign.getStyleClass()
                    .addAll("token-strip-sign", kind % 2 == 0 ? "first-kind" : "second-kind");
            Label label = new Label(marks.legend(), sign);
            label.getStyleClass().add("token-strip-hint");
            signs.getChildren().add(label);
        }
        boolean any = !strip.marks().isEmpty();
        signs.setVisible(any);
        signs.setManaged(any);
        hint.setVisible(!any);
        hint.setManaged(!any);
        relayout();
    }

    private static Label entry(String text, String kind) {
        Region swatch = new Region();
        swatch.getStyleClass().addAll("token-strip-swatch", kind);
        Label label = new Label(text, swatch);
        label.getStyleClass().add("token-strip-hint");
        return label;
    }

    private List<Observable> painting() {
        return List.of(
                strip.queryProperty(),
                strip.keyProperty(),
                strip.hoveredProperty(),
                strip.responseFromProperty(),
                strip.profileProperty(),
                strip.tintProperty(),
                strip.scaleProperty());
    }

    private List<Observable> coloring() {
        return List.of(strip.colorMapProperty(), strip.darkProperty());
    }

    @Override
    public void dispose() {
        strip.tokensProperty().removeListener(laid);
        strip.tokensProperty().removeListener(exchanged);
        painting().forEach(o -> o.removeListener(painted));
        coloring().forEach(o -> o.removeListener(recolored));
        strip.modeProperty().removeListener(moded);
        strip.revealProperty().removeListener(revealed);
        strip.marks().removeListener(marked);
        strip.removeEventHandler(KeyEvent.KEY_PRESSED, keys);
        super.dispose();
    }

    private void toggled(Toggle was, Toggle now) {
        if (now == null) {
            modes.getToggleGroup().selectToggle(was);
        } else {
            strip.modeProperty().set(queryButton.isSelected() ? PickMode.QUERY : PickMode.KEY);
        }
    }

    private void showMode() {
        boolean query = strip.modeProperty().get() == PickMode.QUERY;
        modes.getToggleGroup().selectToggle(query ? queryButton : keyButton);
        hint.setText(
                "click picks the "
                        + (query ? "query, Alt-click the key" : "key, Alt-click the query"));
    }

    /** Another text is read from its start; one that is being written stays where it is. */
    private void begin(List<Token> was, List<Token> now) {
        int both = Math.min(was.size(), now.size());
        if (!was.subList(0, both).equals(now.subList(0, both))) {
            bar.setValue(0);
        }
    }

    private void relayout() {
        strip.requestLayout();
        repaint();
    }

    private void recolor() {
        canvas.recolor();
    }

    private void repaint() {
        canvas.repaint();
        int at = strip.hoveredProperty().get();
        List<Token> tokens = strip.tokensProperty().get();
        String text = "Tokens";
        if (at >= 0 && at < tokens.size()) {
            text =
                    (strip.written(at) ? "written token " : "token ")
                            + at
                            + " '"
                            + tokens.get(at).text().strip()
                            + "'"
                            + value(at)
                            + signsOf(at);
        }
        strip.setAccessibleText(text);
    }

    private String value(int at) {
        TokenTint tint = strip.tintProperty().get();
        float[] profile = strip.profileProperty().get();
        if (tint != null) {
            String text = tint.text(at);
            return text.isEmpty() ? "" : ", " + text;
        }
        return profile != null && at < profile.length
                ? ", " + NumberText.probability(profile[at])
                : "";
    }

    private String signsOf(int at) {
        return strip.marks().stream()
                .filter(marks -> marks.positions().contains(at))
                .map(marks -> ", " + marks.legend())
                .collect(Collectors.joining());
    }

    private void clicked(MouseEvent e) {
        int at = canvas.positionAt(e.getX(), e.getY());
        if (e.getButton() == MouseButton.PRIMARY && at != TokenStrip.NONE) {
            pick(at, e.isAltDown() || e.isShiftDown());
        }
    }

    private void pick(int at, boolean other) {
        boolean query = (strip.modeProperty().get() == PickMode.QUERY) != other;
        (query ? strip.queryProperty() : strip.keyProperty()).set(at);
    }

    private void key(KeyEvent e) {
        if (e.getTarget() instanceof TextInputControl || e.isControlDown() || e.isMetaDown()) {
            return;
        }
        boolean query = strip.modeProperty().get() == PickMode.QUERY;
        int from = (query ? strip.queryProperty() : strip.keyProperty()).get();
        int step =
                switch (e.getCode()) {
                    case LEFT -> -1;
                    case RIGHT -> 1;
                    default -> 0;
                };
        int last = strip.tokensProperty().get().size() - 1;
        if (step != 0 && last >= 0) {
            int to = Math.clamp((long) from + step * (e.isShiftDown() ? 10L : 1L), 0, last);
            pick(to, false);
            strip.reveal(to);
            e.consume();
        }
    }

    private void reveal() {
        int at = strip.revealProperty().get();
        if (at < 0 || at >= canvas.lines().size()) {
            return;
        }
        double top = canvas.lines().lineOf(at) * canvas.lineHeight();
        double seen = canvas.getHeight();
        if (top < bar.getValue()) {
            bar.setValue(top);
        } else if (top + canvas.lineHeight() > bar.getValue() + seen) {
            bar.setValue(Math.min(bar.getMax(), top + canvas.lineHeight() - seen));
        }
        strip.revealProperty().set(TokenStrip.NONE);
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        return t + HEADER + 4 * StripCanvas.LINE + b;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + HEADER + 3 * StripCanvas.LINE + b;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + 240 + r;
    }

    @Override
    protected double computePrefWidth(double h, double t, double r, double b, double l) {
        return l + 640 + r;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        double barWidth = snapSizeX(bar.prefWidth(-1));
        double top = y + HEADER;
        double height = Math.max(0, h - HEADER);
        header.resizeRelocate(x, y, w, HEADER - 4);
        canvas.resizeRelocate(x, top, Math.max(0, w - barWidth), height);
        double content = canvas.contentHeight();
        bar.setVisible(content > height);
        bar.resizeRelocate(x + w - barWidth, top, barWidth, height);
        bar.setMax(Math.max(0, content - height));
        bar.setVisibleAmount(content <= 0 ? 1 : bar.getMax() * height / Math.max(height, content));
        bar.setUnitIncrement(canvas.lineHeight());
        bar.setBlockIncrement(height);
        bar.setValue(Math.min(bar.getValue(), bar.getMax()));
        canvas.repaint();
    }
}
