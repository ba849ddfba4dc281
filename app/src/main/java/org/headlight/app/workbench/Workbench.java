package org.headlight.app.workbench;

import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.stage.Stage;

/** Wires the window by constructors. */
final class Workbench {

    void show(LaunchRequest request, Runnable closed) {
        Stage stage = new Stage();
        stage.setTitle("Headlight");
        stage.setScene(new Scene(new Label(request.text().orElse("")), 1280, 800));
        stage.setOnHidden(event -> closed.run());
        stage.show();
    }
}
