package org.headlight.app.workbench;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

/** The middle of the window: the map, and under it what the reading brings. */
final class CentreView extends SplitPane {
    private static final double LEAST = 120;
    private static final double GAP = 8;

    /** Half of a divider and a little: what the lower part may differ from what it was given. */
    private static final double DIVIDER = 6;

    /** The share of the height that the lower part may claim for itself. */
    private static final double MOST = 0.6;

    private final Region map;

    /** What is too large for the room there is can be scrolled to. */
    private final ScrollPane scroll = new ScrollPane();

    private final StackPane lower =
            new StackPane(scroll) {
                @Override
                protected double computeMinHeight(double width) {
                    return leastHeight();
                }
            };
    private @Nullable Node content;
    private boolean unfolded = true;
    private boolean placed;
    private double wanted;

    CentreView(Region map, double lowerHeight) {
        this.map = map;
        getStyleClass().add("centre");
        setOrientation(Orientation.VERTICAL);
        wanted = lowerHeight;
        lower.getStyleClass().add("lower");
        scroll.getStyleClass().addAll("lower-scroll", "edge-to-edge");
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setFocusTraversable(false);
        SplitPane.setResizableWithParent(lower, false);
        setMinHeight(0);
        getItems().add(map);
        heightProperty().subscribe(height -> place());
    }

    /** What the lower part needs, as far as the map leaves it room. */
    private double leastHeight() {
        Node node = content;
        double needed = node == null ? 0 : node.minHeight(-1);
        double room = Math.min(MOST * getHeight(), getHeight() - map.minHeight(-1) - GAP);
        return Math.max(LEAST, Math.min(room, needed));
    }

    /** Shows something under the map; null for nothing. */
    void show(@Nullable Node node) {
        content = node;
        arrange();
    }

    /** Whether something is shown under the map. */
    boolean lowerShown() {
        return getItems().contains(lower);
    }

    /** Folds what is under the map away, or brings it back. */
    void setUnfolded(boolean now) {
        unfolded = now;
        arrange();
    }

    private void arrange() {
        Node node = content;
        wanted = lowerHeight();
        if (node == null || !unfolded) {
            getItems().remove(lower);
            placed = false;
            return;
        }
        scroll.setContent(node);
        if (!lowerShown()) {
            getItems().add(lower);
        }
        placed = false;
        place();
    }

    /** Gives the lower part its height, once there is room to speak of. */
    private void place() {
        if (getHeight() > 0 && lowerShown() && !placed) {
            placed = true;
            setDividerPosition(0, 1 - wanted / getHeight());
        }
    }

    /**
     * The height that the lower part was given, or will have when it is shown, in pixels. What one
     * reading needs beyond it is not kept for the next.
     */
    double lowerHeight() {
        double height = lower.getHeight();
        if (!lowerShown() || height <= 0) {
            return wanted;
        }
        if (Math.abs(height - wanted) <= DIVIDER) {
            return wanted;
        }
        boolean needed = height <= lower.minHeight(-1) + 1;
        return needed ? Math.min(wanted, height) : height;
    }
}
