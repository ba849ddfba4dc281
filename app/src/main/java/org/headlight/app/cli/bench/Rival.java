package org.headlight.app.cli.bench;

import java.util.List;

/**
 * What another tool was measured at: headless Chromium 156 on two shared cores, first paint of the
 * tool's own front end. Seconds are upper bounds, memory and the place where it stops are solid.
 *
 * @param tool name and view
 * @param tokens N
 * @param heads maps on the page
 * @param seconds to the first picture; NaN when it was never shown
 * @param waited when it was never shown, the seconds that were waited
 * @param megabytes peak of the page's process
 * @param interactionSeconds one hover or click; NaN when not reached
 */
public record Rival(
        String tool,
        int tokens,
        int heads,
        double seconds,
        double waited,
        int megabytes,
        double interactionSeconds) {

    /** The figures, one map where the tool can show one. */
    public static List<Rival> all() {
        double none = Double.NaN;
        return List.of(
                new Rival("BertViz head view", 512, 1, 3.3, 0, 930, 1.5),
                new Rival("BertViz head view", 512, 12, 75.5, 0, 9_201, 29.4),
                new Rival("BertViz head view", 2_048, 1, 88.9, 0, 10_965, 24.5),
                new Rival("Inspectus", 512, 12, 5.9, 0, 1_360, 4.0),
                new Rival("Inspectus", 2_048, 1, none, 290, 10_438, none),
                new Rival("CircuitsVis AttentionHeads", 512, 12, 143.6, 0, 4_762, 83.2),
                new Rival("CircuitsVis AttentionHeads", 2_048, 1, none, 180, 2_493, none));
    }
}
