package org.headlight.app.workbench;

import javafx.animation.PauseTransition;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.util.Duration;

/** A line in the corner that tells what has ended, for a few seconds. */
final class NoticeView extends Label {
    private static final Duration SHOWN = Duration.seconds(5);

    NoticeView(StatusViewModel status) {
        getStyleClass().add("notice");
        setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        setVisible(false);
        setMouseTransparent(true);
        PauseTransition away = new PauseTransition(SHOWN);
        away.setOnFinished(event -> setVisible(false));
        status.noticeProperty()
                .addListener((property, old, now) -> {
                    if (!now.isEmpty()) {
                        setText(now);
                        setVisible(true);
                        away.playFromStart();
                    }
                });
    }
}
