package org.headlight.viz.control.map;

import javafx.application.Platform;
import javafx.beans.InvalidationListener;
import javafx.event.EventHandler;
import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.input.ZoomEvent;
import javafx.scene.layout.Region;

import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapViewport;
import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;

/** What the pointer and the keys do to a heatmap. */
final class HeatmapBehavior {
    private static final double DRAG_START = 3;
    private static final double NOTCH = 40;
    private static final double PER_NOTCH = Math.log(1.25);
    private static final double KEY_ZOOM = 1.5;
    private static final double CLICK_ZOOM = 4;
    private static final double PAN_SHARE = 0.125;
    private static final int LONG_STEP = 10;

    private final HeatmapView view;
    private final Region plot;
    private final DoubleSupplier density;
    private final EventHandler<KeyEvent> keys = this::key;

    private double pressX;
    private double pressY;
    private double lastX;
    private double lastY;
    private boolean dragging;
    private double pendingZoom;
    private @Nullable Glide glide;
    private final InvalidationListener viewChanged = o -> lookAgain();
    private @Nullable Point2D resting;
    private boolean looking;

    /**
     * Listens to a control.
     *
     * @param plot the part of the control that shows the map
     * @param density device pixels for each unit of the plot
     */
    HeatmapBehavior(HeatmapView view, Region plot, DoubleSupplier density) {
        this.view = view;
        this.plot = plot;
        this.density = density;
        plot.setOnMouseMoved(this::moved);
        plot.setOnMouseExited(e -> {
            resting = null;
            view.hover(null);
        });
        plot.setOnMousePressed(this::pressed);
        plot.setOnMouseDragged(this::dragged);
        plot.setOnMouseReleased(this::moved);
        plot.setOnMouseClicked(this::clicked);
        plot.setOnScroll(this::scrolled);
        plot.setOnZoom(this::pinched);
        view.addEventHandler(KeyEvent.KEY_PRESSED, keys);
        view.viewportProperty().addListener(viewChanged);
    }

    void dispose() {
        settle();
        view.removeEventHandler(KeyEvent.KEY_PRESSED, keys);
        view.viewportProperty().removeListener(viewChanged);
        plot.setOnMouseMoved(null);
        plot.setOnMouseExited(null);
        plot.setOnMousePressed(null);
        plot.setOnMouseDragged(null);
        plot.setOnMouseReleased(null);
        plot.setOnMouseClicked(null);
        plot.setOnScroll(null);
        plot.setOnZoom(null);
    }

    private void moved(MouseEvent e) {
        resting = new Point2D(e.getSceneX(), e.getSceneY());
        view.hover(cellAt(e.getX(), e.getY()));
    }

    /** The pointer rests, and the map moves under it: looks again once it has been laid out. */
    private void lookAgain() {
        if (resting != null && !looking) {
            looking = true;
            Platform.runLater(() -> {
                looking = false;
                Point2D at = resting;
                if (at != null) {
                    Point2D here = plot.sceneToLocal(at);
                    boolean inside = plot.getLayoutBounds().contains(here);
                    Cell cell = inside ? cellAt(here.getX(), here.getY()) : null;
                    if (!Objects.equals(cell, view.hoveredCellProperty().get())) {
                        view.hover(cell);
                    }
                }
            });
        }
    }

    @Nullable Cell cellAt(double x, double y) {
        MapViewport now = view.viewportProperty().get();
        AttentionMap map = view.mapProperty().get();
        if (now == null || map == null || x < 0 || y < 0) {
            return null;
        }
        double scale = density.getAsDouble();
        int row = now.rowAt(y * scale);
        int col = now.colAt(x * scale);
        boolean inside = row >= 0 && row < map.rows() && col >= 0 && col < map.cols();
        return inside ? new Cell(row, col) : null;
    }

    private void pressed(MouseEvent e) {
        view.requestFocus();
        settle();
        pressX = lastX = e.getX();
        pressY = lastY = e.getY();
        dragging = false;
        e.consume();
    }

    private void dragged(MouseEvent e) {
        if (e.getButton() == MouseButton.SECONDARY) {
            return;
        }
        if (!dragging && Math.hypot(e.getX() - pressX, e.getY() - pressY) < DRAG_START) {
            return;
        }
        dragging = true;
        resting = null;
        view.hover(null);
        double scale = density.getAsDouble();
        view.pan((e.getX() - lastX) * scale, (e.getY() - lastY) * scale);
        lastX = e.getX();
        lastY = e.getY();
        e.consume();
    }

    private void clicked(MouseEvent e) {
        if (e.getButton() != MouseButton.PRIMARY || dragging) {
            return;
        }
        Cell cell = cellAt(e.getX(), e.getY());
        if (cell == null) {
            return;
        }
        view.selectedCellProperty().set(cell);
        if (e.getClickCount() == 2) {
            double scale = density.getAsDouble();
            glide(now -> now.zoomAt(e.getX() * scale, e.getY() * scale, CLICK_ZOOM));
        }
        e.consume();
    }

    private void scrolled(ScrollEvent e) {
        double scale = density.getAsDouble();
        settle();
        if (e.isShiftDown()) {
            double along = e.getDeltaX() == 0 ? e.getDeltaY() : e.getDeltaX();
            view.pan(along * scale, 0);
        } else {
            zoomAt(e.getX() * scale, e.getY() * scale, e.getDeltaY() / NOTCH * PER_NOTCH);
        }
        view.hover(cellAt(e.getX(), e.getY()));
        e.consume();
    }

    private void pinched(ZoomEvent e) {
        double scale = density.getAsDouble();
        settle();
        zoomAt(e.getX() * scale, e.getY() * scale, Math.log(e.getZoomFactor()));
        e.consume();
    }

    /**
     * Pooled views zoom by any amount. Magnified ones go in whole pixels for each cell, so the
     * small steps of a trackpad are saved up until they make a notch.
     */
    private void zoomAt(double px, double py, double logFactor) {
        MapViewport now = view.viewportProperty().get();
        if (now == null || logFactor == 0) {
            return;
        }
        if (pendingZoom * logFactor < 0) {
            pendingZoom = 0;
        }
        pendingZoom += logFactor;
        boolean whole = now.cellsPerPixel() <= 1.25 && Math.abs(pendingZoom) < PER_NOTCH * 0.99;
        if (!whole) {
            view.zoomAt(px, py, Math.exp(pendingZoom));
            pendingZoom = 0;
        }
    }

    private void key(KeyEvent e) {
        if (e.isControlDown() || e.isAltDown() || e.isMetaDown()) {
            return;
        }
        if (navigate(e.getCode()) || moveCursor(e.getCode(), e.isShiftDown() ? LONG_STEP : 1)) {
            e.consume();
        }
    }

    private boolean navigate(KeyCode code) {
        switch (code) {
            case SPACE, HOME, DIGIT0, NUMPAD0 -> glide(this::fitted);
            case DIGIT1, NUMPAD1 -> glide(MapViewport::oneToOne);
            case PLUS, ADD, EQUALS -> glide(now -> zoomed(now, KEY_ZOOM));
            case MINUS, SUBTRACT -> glide(now -> zoomed(now, 1 / KEY_ZOOM));
            case W -> panned(0, 1);
            case S -> panned(0, -1);
            case A -> panned(1, 0);
            case D -> panned(-1, 0);
            case ESCAPE -> {
                if (view.selectedCellProperty().get() == null) {
                    return false;
                }
                view.selectedCellProperty().set(null);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean moveCursor(KeyCode code, int step) {
        return switch (code) {
            case UP -> moveCursor(-step, 0);
            case DOWN -> moveCursor(step, 0);
            case LEFT -> moveCursor(0, -step);
            case RIGHT -> moveCursor(0, step);
            default -> false;
        };
    }

    private boolean moveCursor(int down, int right) {
        AttentionMap map = view.mapProperty().get();
        MapViewport now = view.viewportProperty().get();
        if (map == null || now == null) {
            return false;
        }
        Cell from = view.currentCellProperty().get();
        Cell to;
        if (from == null) {
            to = new Cell(now.rowAt(now.height() / 2.0), now.colAt(now.width() / 2.0));
        } else {
            to = new Cell(from.row() + down, from.col() + right);
        }
        Cell inside =
                new Cell(
                        Math.clamp(to.row(), 0, map.rows() - 1),
                        Math.clamp(to.col(), 0, map.cols() - 1));
        settle();
        view.selectedCellProperty().set(inside);
        view.reveal(inside);
        return true;
    }

    private MapViewport fitted(MapViewport now) {
        AttentionMap map = view.mapProperty().get();
        return map == null ? now : now.fit(map.rows(), map.cols());
    }

    private static MapViewport zoomed(MapViewport now, double factor) {
        return now.zoomAt(now.width() / 2.0, now.height() / 2.0, factor);
    }

    private void panned(int right, int down) {
        MapViewport now = view.viewportProperty().get();
        if (now != null) {
            glide(v -> v.pan(right * PAN_SHARE * v.width(), down * PAN_SHARE * v.height()));
        }
    }

    private void glide(UnaryOperator<MapViewport> operator) {
        MapViewport now = glide == null ? view.viewportProperty().get() : glide.target();
        AttentionMap map = view.mapProperty().get();
        if (now == null || map == null) {
            return;
        }
        settle();
        MapViewport from = view.viewportProperty().get();
        MapViewport to = operator.apply(now).clamp(map.rows(), map.cols());
        if (from == null || !view.animatedProperty().get()) {
            view.viewportProperty().set(to);
            return;
        }
        Glide started = new Glide(from, to, view.viewportProperty()::set);
        glide = started;
        started.start();
    }

    /** Ends a movement where it is. */
    private void settle() {
        if (glide != null) {
            glide.stop();
            glide = null;
        }
    }
}
