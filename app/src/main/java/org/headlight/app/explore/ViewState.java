package org.headlight.app.explore;

import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;

import java.util.Optional;

/**
 * Everything that decides what the picture shows; a step of undo is one of these.
 *
 * @param head which head
 * @param scale how values spread along the colours
 * @param range a range set by hand; empty for the one that fits the map
 * @param colorMap the colours
 * @param pooling how cells become one pixel
 * @param dropSink whether the first key is left out and the rows renormalised
 */
public record ViewState(
        HeadRef head,
        Scale.Kind scale,
        Optional<Scale> range,
        ColorMap colorMap,
        Pooling pooling,
        boolean dropSink) {

    /** What a first look shows: the first head, logarithmic, viridis, pooled by maximum. */
    public static ViewState first() {
        return new ViewState(
                new HeadRef(0, 0),
                Scale.Kind.LOG,
                Optional.empty(),
                ColorMap.VIRIDIS,
                Pooling.MAX,
                false);
    }

    public ViewState withHead(HeadRef newHead) {
        return new ViewState(newHead, scale, range, colorMap, pooling, dropSink);
    }

    /** With another kind of scale, whose range fits the map again. */
    public ViewState withScale(Scale.Kind kind) {
        return new ViewState(head, kind, Optional.empty(), colorMap, pooling, dropSink);
    }

    public ViewState withRange(Optional<Scale> newRange) {
        return new ViewState(head, scale, newRange, colorMap, pooling, dropSink);
    }

    public ViewState withColorMap(ColorMap colors) {
        return new ViewState(head, scale, range, colors, pooling, dropSink);
    }

    public ViewState withPooling(Pooling newPooling) {
        return new ViewState(head, scale, range, colorMap, newPooling, dropSink);
    }

    public ViewState withDropSink(boolean drop) {
        return new ViewState(head, scale, range, colorMap, pooling, drop);
    }
}
