package org.headlight.viz.control.grid;

import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.event.EventHandler;
import javafx.geometry.Orientation;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.SkinBase;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;

import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The canvas of thumbnails, its scroll bar, and what pointer and keys do to them. */
final class HeadGridSkin extends SkinBase<HeadGrid> {
    private final HeadGrid grid;
    private final GridCanvas canvas;
    private final ScrollBar bar = new ScrollBar();
    private final ScrollBar across = new ScrollBar();
    private final InvalidationListener arranged = o -> arrange();
    private final InvalidationListener repainted = o -> repaint();
    private final InvalidationListener sourced = o -> source();
    private final InvalidationListener chosen = o -> revealSelected();
    private final EventHandler<KeyEvent> keys = this::key;
    private Thumbnails thumbnails;
    private int columns = 1;

    HeadGridSkin(HeadGrid grid) {
        super(grid);
        this.grid = grid;
        thumbnails = new Thumbnails(grid.sourceProperty().get(), this::repaint);
        canvas = new GridCanvas(grid, thumbnails);
        bar.setOrientation(Orientation.VERTICAL);
        bar.setFocusTraversable(false);
        bar.valueProperty().addListener((o, was, now) -> canvas.scrollTo(now.doubleValue()));
        across.setOrientation(Orientation.HORIZONTAL);
        across.setFocusTraversable(false);
        across.valueProperty().addListener((o, was, now) -> canvas.scrollAcross(now.doubleValue()));
        getChildren().addAll(canvas, bar, across);
        arranging().forEach(o -> o.addListener(arranged));
        repainting().forEach(o -> o.addListener(repainted));
        grid.sourceProperty().addListener(sourced);
        grid.selectedHeadProperty().addListener(chosen);
        canvas.setOnMouseMoved(e -> grid.hover(canvas.headAt(e.getX(), e.getY())));
        canvas.setOnMouseExited(e -> grid.hover(null));
        canvas.setOnMousePressed(e -> grid.requestFocus());
        canvas.setOnMouseClicked(e -> {
            HeadRef head = canvas.headAt(e.getX(), e.getY());
            if (e.getButton() == MouseButton.PRIMARY && head != null) {
                grid.selectedHeadProperty().set(head);
            }
        });
        canvas.setOnScroll(e -> {
            boolean turned = e.isShiftDown() && e.getDeltaX() == 0;
            double right = turned ? e.getDeltaY() : e.getDeltaX();
            double down = turned ? 0 : e.getDeltaY();
            bar.setValue(Math.clamp(bar.getValue() - down, 0, bar.getMax()));
            across.setValue(Math.clamp(across.getValue() - right, 0, across.getMax()));
            grid.hover(canvas.headAt(e.getX(), e.getY()));
            e.consume();
        });
        grid.addEventHandler(KeyEvent.KEY_PRESSED, keys);
        arrange();
    }

    private List<Observable> arranging() {
        return List.of(
                grid.rows(),
                grid.orderProperty(),
                grid.scores(),
                grid.colorMapProperty(),
                grid.darkProperty());
    }

    private List<Observable> repainting() {
        return List.of(
                grid.scaleProperty(), grid.selectedHeadProperty(), grid.hoveredHeadProperty());
    }

    @Override
    public void dispose() {
        arranging().forEach(o -> o.removeListener(arranged));
        repainting().forEach(o -> o.removeListener(repainted));
        grid.sourceProperty().removeListener(sourced);
        grid.selectedHeadProperty().removeListener(chosen);
        grid.removeEventHandler(KeyEvent.KEY_PRESSED, keys);
        thumbnails.close();
        super.dispose();
    }

    private void source() {
        thumbnails.close();
        thumbnails = new Thumbnails(grid.sourceProperty().get(), this::repaint);
        canvas.use(thumbnails);
    }

    private void arrange() {
        lay();
        grid.requestLayout();
        repaint();
    }

    private void lay() {
        canvas.update(
                GridLayout.of(grid.rows(), grid.orderProperty().get(), grid.scores(), columns));
    }

    private void repaint() {
        canvas.repaint();
        speak();
    }

    private void speak() {
        HeadRef head = grid.hoveredHeadProperty().get();
        if (head == null) {
            head = grid.selectedHeadProperty().get();
        }
        if (head == null || head.site() >= grid.rows().size()) {
            grid.setAccessibleText("Heads");
            return;
        }
        Double score = grid.scores().get(head);
        boolean selected = head.equals(grid.selectedHeadProperty().get());
        grid.setAccessibleText(
                "head "
                        + grid.nameOf(head)
                        + (score == null
                                ? ""
                                : ", "
                                        + grid.scoreNameProperty().get()
                                        + " "
                                        + NumberText.probability(score))
                        + (selected ? ", selected" : ""));
    }

    private void key(KeyEvent e) {
        if (e.isControlDown() || e.isAltDown() || e.isMetaDown()) {
            return;
        }
        HeadRef hovered = grid.hoveredHeadProperty().get();
        switch (e.getCode()) {
            case UP -> move(-1, 0);
            case DOWN -> move(1, 0);
            case LEFT -> move(0, -1);
            case RIGHT -> move(0, 1);
            case ENTER, SPACE -> {
                if (hovered == null) {
                    return;
                }
                grid.selectedHeadProperty().set(hovered);
            }
            default -> {
                if (e.getCode() != KeyCode.ESCAPE || hovered == null) {
                    return;
                }
                grid.hover(null);
            }
        }
        e.consume();
    }

    private void move(int down, int right) {
        HeadRef from = grid.hoveredHeadProperty().get();
        if (from == null) {
            from = grid.selectedHeadProperty().get();
        }
        @Nullable HeadRef to = canvas.layoutOfHeads().moved(from, down, right);
        grid.hover(to);
        if (to != null) {
            reveal(to);
        }
    }

    private void revealSelected() {
        HeadRef head = grid.selectedHeadProperty().get();
        if (head != null) {
            reveal(head);
        }
    }

    private void reveal(HeadRef head) {
        int line = canvas.layoutOfHeads().lineOf(head);
        if (line < 0 || canvas.getHeight() <= 0) {
            return;
        }
        int column = canvas.layoutOfHeads().line(line).indexOf(head);
        double top = canvas.topOf(line);
        reveal(bar, top, top + canvas.lineHeight() + 8, canvas.lineRoom());
        double left = canvas.leftOf(column);
        reveal(across, left, left + canvas.columnWidth() + 4, canvas.columnRoom());
    }

    private static void reveal(ScrollBar bar, double from, double to, double room) {
        if (from < bar.getValue()) {
            bar.setValue(from);
        } else if (to > bar.getValue() + room) {
            bar.setValue(Math.clamp(to - room, 0, bar.getMax()));
        }
    }

    @Override
    protected double computePrefWidth(double h, double t, double r, double b, double l) {
        return l + 232 + r;
    }

    @Override
    protected double computeMinWidth(double h, double t, double r, double b, double l) {
        return l + 96 + r;
    }

    @Override
    protected double computePrefHeight(double w, double t, double r, double b, double l) {
        return t + 320 + b;
    }

    @Override
    protected double computeMinHeight(double w, double t, double r, double b, double l) {
        return t + 96 + b;
    }

    @Override
    protected void layoutChildren(double x, double y, double w, double h) {
        double barWidth = snapSizeX(bar.prefWidth(-1));
        double room = Math.max(0, w - barWidth);
        int fitting = GridCanvas.columnsIn(room);
        if (fitting != columns) {
            columns = fitting;
            lay();
        }
        canvas.resizeRelocate(x, y, room, h);
        boolean wide = canvas.contentWidth() > room;
        double barHeight = wide ? snapSizeY(across.prefHeight(-1)) : 0;
        double height = Math.max(0, h - barHeight);
        canvas.resizeRelocate(x, y, room, height);
        bar.resizeRelocate(x + w - barWidth, y, barWidth, height);
        across.resizeRelocate(x, y + height, room, barHeight);
        scrolls(bar, canvas.contentHeight(), height, canvas.lineHeight() / 2);
        scrolls(across, canvas.contentWidth(), room, canvas.columnWidth());
        canvas.repaint();
    }

    private static void scrolls(ScrollBar bar, double content, double room, double step) {
        bar.setVisible(content > room);
        bar.setMax(Math.max(0, content - room));
        bar.setVisibleAmount(content <= 0 ? 1 : bar.getMax() * room / Math.max(room, content));
        bar.setUnitIncrement(step);
        bar.setBlockIncrement(room);
        bar.setValue(Math.min(bar.getValue(), bar.getMax()));
    }
}
