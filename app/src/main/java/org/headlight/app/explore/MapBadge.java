package org.headlight.app.explore;

import javafx.animation.PauseTransition;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.util.Duration;

/**
 * What kind of picture the map is. A picture that has been that of another head for longer than a
 * moment is dimmed, and the badge says so.
 */
final class MapBadge extends Label {
    private static final Duration MOMENT = Duration.millis(120);
    private static final double DIM = 0.35;

    private final StringProperty standIn = new SimpleStringProperty("");
    private final PauseTransition moment = new PauseTransition(MOMENT);

    /**
     * A badge.
     *
     * @param kind what kind of picture it is
     * @param former says that it is that of the former head; empty when it is not
     * @param picture is dimmed meanwhile
     */
    MapBadge(ReadOnlyStringProperty kind, ReadOnlyStringProperty former, Node picture) {
        getStyleClass().add("badge");
        setMinWidth(Region.USE_PREF_SIZE);
        setTooltip(
                new Tooltip("Whether pixels are single cells, or several cells pooled into one."));
        moment.setOnFinished(event -> standIn.set(former.get()));
        former.subscribe(this::follow);
        textProperty().bind(Bindings.when(standIn.isEmpty()).then(kind).otherwise(standIn));
        visibleProperty().bind(textProperty().isNotEmpty());
        picture.opacityProperty().bind(Bindings.when(standIn.isEmpty()).then(1.0).otherwise(DIM));
    }

    private void follow(String words) {
        if (words.isEmpty()) {
            moment.stop();
            standIn.set("");
        } else if (standIn.get().isEmpty()) {
            moment.playFromStart();
        } else {
            standIn.set(words);
        }
    }
}
