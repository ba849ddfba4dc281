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
    private final InvalidationListener arranged = o -> arrange();
    private final InvalidationListener repainted = o -> repaint();
    private final InvalidationListener sourced = o -> source();
    private final InvalidationListener chosen = o -> revealSelected();
    private final EventHandler<KeyEvent> keys = this::key;
    private Thumbnails thumbnails;
    private double room;

    HeadGridSkin(HeadGrid grid) {
        super(grid);
        this.grid = grid;
        thumbnails = new Thumbnails(grid.sourceProperty().get(), this::repaint);
        canvas = new GridCanvas(grid, thumbnails);
        bar.setOrientation(Orientation.VERTICAL);
        bar.setFocusTraversable(false);
        bar.valueProperty().addListener((o, was, now) -> canvas.scrollTo(now.doubleValue()));
        getChildren().addAll(canvas, bar);
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
            bar.setValue(Math.clamp(bar.getValue() - e.getDeltaY(), 0, bar.getMax()));
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
                grid.scaleProperty(),
                grid.selectedHeadProperty(),
                grid.hoveredHeadProperty(),
                grid.marked());
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
        HeadOrder order = grid.orderProperty().get();
        int columns = GridCanvas.columnsIn(room, order == HeadOrder.SCORE);
        canvas.update(GridLayout.of(grid.rows(), order, grid.scores(), columns));
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
        double top = canvas.topOf(line);
        double bottom = top + canvas.lineHeight() + 8;
        if (top < bar.getValue()) {
            bar.setValue(top);
        } else if (bottom > bar.getValue() + canvas.lineRoom()) {
            bar.setValue(Math.clamp(bottom - canvas.lineRoom(), 0, bar.getMax()));
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
        double left = Math.max(0, w - barWidth);
        if (left != room) {
            room = left;
            lay();
        }
        canvas.resizeRelocate(x, y, room, h);
        bar.resizeRelocate(x + w - barWidth, y, barWidth, h);
        double content = canvas.contentHeight();
        bar.setVisible(content > h);
        bar.setMax(Math.max(0, content - h));
        bar.setVisibleAmount(content <= 0 ? 1 : bar.getMax() * h / Math.max(h, content));
        bar.setUnitIncrement(canvas.lineHeight() / 2);
        bar.setBlockIncrement(h);
        bar.setValue(Math.min(bar.getValue(), bar.getMax()));
        canvas.repaint();
    }
}
