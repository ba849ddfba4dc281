package org.headlight.app.task;

import javafx.application.Platform;

/** The toolkit's own thread. */
public final class FxUiThread implements UiThread {
    @Override
    public void later(Runnable action) {
        Platform.runLater(action);
    }
}
