package org.headlight.app.settings;

/**
 * How the panes beside the map lie.
 *
 * @param headsWidth width of the head grid, in pixels
 * @param headsShown whether it is unfolded
 * @param inspectorWidth width of the inspector, in pixels
 * @param inspectorShown whether it is unfolded
 */
public record PaneSizes(
        double headsWidth, boolean headsShown, double inspectorWidth, boolean inspectorShown) {

    /** The panes of a first launch. */
    public static PaneSizes defaults() {
        return new PaneSizes(232, true, 288, true);
    }
}
