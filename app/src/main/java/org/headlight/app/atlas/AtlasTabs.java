package org.headlight.app.atlas;

import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

import org.controlsfx.control.SegmentedButton;
import org.headlight.app.reading.ReadingContext;
import org.jspecify.annotations.Nullable;

/** The heads, or the way of a token through all of them; the second is made when it is chosen. */
final class AtlasTabs extends StackPane {
    private final AtlasViewModel atlas;
    private final RolloutViewModel rollout;
    private final ReadingContext context;
    private final Node heads;
    private @Nullable Node way;

    AtlasTabs(AtlasViewModel atlas, RolloutViewModel rollout, ReadingContext context) {
        this.atlas = atlas;
        this.rollout = rollout;
        this.context = context;
        heads = new AtlasPane(atlas, context, switcher()).node();
        atlas.followingProperty().subscribe(this::show);
    }

    private void show(boolean following) {
        Node now = way;
        if (following && now == null) {
            now = new RolloutPane(rollout, context, switcher()).node();
            way = now;
        }
        getChildren().setAll(following && now != null ? now : heads);
        rollout.setActive(following && atlas.active());
    }

    /** One of these stands in each of the two. */
    private Node switcher() {
        ToggleButton each = button("Heads", "What each head is.");
        ToggleButton all = button("Rollout", "What reaches a token through all heads and layers.");
        each.setOnAction(event -> choose(each, false));
        all.setOnAction(event -> choose(all, true));
        atlas.followingProperty()
                .subscribe(following -> {
                    each.setSelected(!following);
                    all.setSelected(following);
                });
        SegmentedButton buttons = new SegmentedButton(each, all);
        buttons.setMinWidth(Region.USE_PREF_SIZE);
        return buttons;
    }

    private void choose(ToggleButton button, boolean following) {
        button.setSelected(true);
        atlas.followingProperty().set(following);
    }

    private static ToggleButton button(String name, String tip) {
        ToggleButton button = new ToggleButton(name);
        button.getStyleClass().add("small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setTooltip(new Tooltip(tip));
        return button;
    }
}
