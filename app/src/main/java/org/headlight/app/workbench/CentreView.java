package org.headlight.app.workbench;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;

/** The middle of the window: the map, and under it what the reading brings. */
final class CentreView extends SplitPane {
    private static final double LEAST = 120;

    /** The share of the height that the lower part may claim for itself. */
    private static final double MOST = 0.6;

    private final StackPane lower =
            new StackPane() {
                @Override
                protected double computeMinHeight(double width) {
                    double most = MOST * CentreView.this.getHeight();
                    return Math.max(LEAST, Math.min(most, super.computeMinHeight(width)));
                }
            };
    private @Nullable Node content;
    private boolean unfolded = true;
    private boolean placed;
    private double wanted;

    CentreView(Region map, double lowerHeight) {
        getStyleClass().add("centre");
        setOrientation(Orientation.VERTICAL);
        wanted = lowerHeight;
        lower.getStyleClass().add("lower");
        SplitPane.setResizableWithParent(lower, false);
        getItems().add(map);
        heightProperty().subscribe(height -> place());
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
        boolean there = lowerShown();
        if (there) {
            wanted = lowerHeight();
        }
        if (node == null || !unfolded) {
            getItems().remove(lower);
            placed = false;
            return;
        }
        lower.getChildren().setAll(node);
        if (!there) {
            getItems().add(lower);
            place();
        }
    }

    /** Gives the lower part its height, once there is room to speak of. */
    private void place() {
        if (getHeight() > 0 && lowerShown() && !placed) {
            placed = true;
            setDividerPosition(0, 1 - wanted / getHeight());
        }
    }

    /** The height of the lower part, or what it will be when it is shown, in pixels. */
    double lowerHeight() {
        boolean known = lowerShown() && lower.getHeight() > 0;
        return known ? lower.getHeight() : wanted;
    }
}
