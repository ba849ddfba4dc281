package org.headlight.viz.control;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.layout.BorderPane;
import javafx.scene.text.Font;
import javafx.stage.Stage;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.viz.control.map.HeatmapView;
import org.headlight.viz.raster.Scale;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** All controls in one window, to look at. Arguments: size of the map, light or dark. */
public final class ControlsDemo extends Application {

    public static void main(String[] args) {
        launch(args);
    }

    @Override
    public void start(Stage stage) throws IOException {
        List<String> args = getParameters().getRaw();
        int size = args.isEmpty() ? 1024 : Integer.parseInt(args.getFirst());
        boolean dark = args.contains("dark");
        fonts();
        setUserAgentStylesheet(
                (dark ? new PrimerDark() : new PrimerLight()).getUserAgentStylesheet());
        HeatmapView map = new HeatmapView();
        map.darkProperty().set(dark);
        map.scaleProperty().set(new Scale(Scale.Kind.LOG, 1e-5f, 1));
        map.queryTokensProperty().set(Words.tokens(size));
        map.keyTokensProperty().set(Words.tokens(size));
        map.mapProperty().set(new FormulaMap(size));
        BorderPane root = new BorderPane(map);
        Scene scene = new Scene(root, 1280, 800);
        scene.getStylesheets().add(new Assets().styleSheet("headlight.css"));
        stage.setScene(scene);
        stage.setX(0);
        stage.setY(0);
        stage.show();
        map.requestFocus();
    }

    /** Loads the bundled fonts. */
    public static void fonts() throws IOException {
        for (FontFace face : FontFace.values()) {
            try (InputStream in = new Assets().font(face)) {
                Font.loadFont(in, 12);
            }
        }
    }
}
