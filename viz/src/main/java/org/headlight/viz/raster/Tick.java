package org.headlight.viz.raster;

/**
 * A mark on an axis or a colour bar.
 *
 * @param value where
 * @param label what it says; empty for a minor mark
 */
public record Tick(double value, String label) {
    /** Whether it has a label. */
    public boolean major() {
        return !label.isEmpty();
    }
}
