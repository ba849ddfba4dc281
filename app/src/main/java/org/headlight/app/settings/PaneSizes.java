package org.headlight.app.settings;

/**
 * How the panes around the map lie.
 *
 * @param headsWidth width of the head grid, in pixels
 * @param headsShown whether it is unfolded
 * @param inspectorWidth width of the inspector, in pixels
 * @param inspectorShown whether it is unfolded
 * @param lowerHeight height of the pane under the map, in pixels
 * @param lowerShown whether it is unfolded
 */
public record PaneSizes(
        double headsWidth,
        boolean headsShown,
        double inspectorWidth,
        boolean inspectorShown,
        double lowerHeight,
        boolean lowerShown) {

    /** The panes of a first launch. */
    public static PaneSizes defaults() {
        return new PaneSizes(232, true, 288, true, 280, true);
    }

    /** The same with the head grid folded or not. */
    public PaneSizes withHeadsShown(boolean shown) {
        return new PaneSizes(
                headsWidth, shown, inspectorWidth, inspectorShown, lowerHeight, lowerShown);
    }

    /** The same with the inspector folded or not. */
    public PaneSizes withInspectorShown(boolean shown) {
        return new PaneSizes(
                headsWidth, headsShown, inspectorWidth, shown, lowerHeight, lowerShown);
    }

    /** The same with the pane under the map folded or not. */
    public PaneSizes withLowerShown(boolean shown) {
        return new PaneSizes(
                headsWidth, headsShown, inspectorWidth, inspectorShown, lowerHeight, shown);
    }

    /** The same with other widths and another height. */
    public PaneSizes sized(double heads, double inspector, double lower) {
        return new PaneSizes(heads, headsShown, inspector, inspectorShown, lower, lowerShown);
    }
}
