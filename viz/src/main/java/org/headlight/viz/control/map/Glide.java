package org.headlight.viz.control.map;

import javafx.animation.AnimationTimer;

import org.headlight.viz.raster.MapViewport;

import java.util.function.Consumer;

/** Moves smoothly from one view to another, to explain where a zoom went. */
final class Glide extends AnimationTimer {
    private static final double NANOS = 140e6;

    private final MapViewport from;
    private final MapViewport to;
    private final Consumer<MapViewport> onView;
    private long start;

    Glide(MapViewport from, MapViewport to, Consumer<MapViewport> onView) {
        this.from = from;
        this.to = to;
        this.onView = onView;
    }

    /** Where it ends. */
    MapViewport target() {
        return to;
    }

    @Override
    public void handle(long now) {
        if (start == 0) {
            start = now;
        }
        double t = Math.min(1, (now - start) / NANOS);
        if (t >= 1) {
            stop();
            onView.accept(to);
        } else {
            onView.accept(between(1 - (1 - t) * (1 - t)));
        }
    }

    /** Sizes move geometrically; the place that both views share stands still. */
    private MapViewport between(double t) {
        double a = from.cellsPerPixel();
        double b = to.cellsPerPixel();
        double cells = a * Math.pow(b / a, t);
        double along = a == b ? t : (a - cells) / (a - b);
        return new MapViewport(
                from.col0() + (to.col0() - from.col0()) * along,
                from.row0() + (to.row0() - from.row0()) * along,
                cells,
                to.width(),
                to.height());
    }
}
