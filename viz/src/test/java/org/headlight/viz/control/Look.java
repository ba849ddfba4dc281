package org.headlight.viz.control;

import atlantafx.base.theme.PrimerLight;

import javafx.application.Application;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.stage.Stage;

import org.headlight.assets.Assets;

/** Shows a control as the application does, where the headless robot finds it. */
public final class Look {
    private Look() {}

    /** Shows a control alone in a window at the origin. */
    public static void show(Stage stage, Parent control, double width, double height) {
        Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
        Scene scene = new Scene(control, width, height);
        scene.getStylesheets().add(new Assets().styleSheet("headlight.css"));
        stage.setScene(scene);
        stage.setX(0);
        stage.setY(0);
        stage.show();
        control.requestFocus();
    }
}
