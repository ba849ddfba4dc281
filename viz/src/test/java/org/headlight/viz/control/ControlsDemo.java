package org.headlight.viz.control;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Font;
import javafx.stage.Stage;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.viz.control.bar.ColorBar;
import org.headlight.viz.control.grid.HeadGrid;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.grid.HeadRow;
import org.headlight.viz.control.map.HeatmapView;
import org.headlight.viz.control.profile.ProfileChart;
import org.headlight.viz.control.profile.ProfileKind;
import org.headlight.viz.control.strip.TokenStrip;
import org.headlight.viz.raster.Scale;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;

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
        HeadGrid grid = grid(map, args.contains("large"));
        TokenStrip strip = new TokenStrip();
        strip.darkProperty().set(dark);
        strip.scaleProperty().bind(map.scaleProperty());
        strip.tokensProperty().set(Words.tokens(size));
        ColorBar bar = new ColorBar();
        bar.darkProperty().set(dark);
        bar.scaleProperty().bindBidirectional(map.scaleProperty());
        bar.smallestProperty().set(1e-6f);
        bar.largestProperty().set(0.8f);
        bar.sinkDroppedProperty().set(true);
        bar.droppedMassProperty().set(0.77);
        ProfileChart row = new ProfileChart(ProfileKind.ROW);
        ProfileChart column = new ProfileChart(ProfileKind.COLUMN);
        row.logarithmicProperty().set(true);
        row.tokensProperty().set(Words.tokens(size));
        column.tokensProperty().set(Words.tokens(size));
        map.currentCellProperty()
                .addListener((o, was, now) -> {
                    if (now != null) {
                        strip.profileProperty().set(map.mapProperty().get().rowProfile(now.row()));
                        strip.queryProperty().set(now.row());
                        strip.keyProperty().set(now.col());
                        row.valuesProperty().set(strip.profileProperty().get());
                        row.positionProperty().set(now.row());
                        row.markedProperty().set(now.col());
                        column.valuesProperty()
                                .set(map.mapProperty().get().columnProfile(now.col()));
                        column.positionProperty().set(now.col());
                        column.markedProperty().set(now.row());
                    }
                });
        BorderPane root = new BorderPane(new BorderPane(map, null, bar, null, null));
        root.setLeft(grid);
        root.setRight(new VBox(16, row, column));
        root.setBottom(strip);
        Scene scene = new Scene(root, 1280, 800);
        scene.getStylesheets().add(new Assets().styleSheet("headlight.css"));
        stage.setScene(scene);
        stage.setX(0);
        stage.setY(0);
        stage.show();
        map.requestFocus();
    }

    private static HeadGrid grid(HeatmapView map, boolean large) {
        HeadGrid grid = new HeadGrid();
        int layers = large ? 32 : 4;
        int heads = large ? 32 : 5;
        for (int layer = 0; layer < layers; layer++) {
            int l = layer;
            grid.rows()
                    .add(
                            new HeadRow(
                                    "layer " + l,
                                    IntStream.range(0, heads)
                                            .mapToObj(h -> "L" + l + "H" + h)
                                            .toList()));
        }
        grid.darkProperty().bind(map.darkProperty());
        grid.scaleProperty().bind(map.scaleProperty());
        grid.sourceProperty().set(head -> new FormulaMap(64 + 40 * head.head()));
        grid.scores().put(new HeadRef(0, 1), 0.42);
        grid.scores().put(new HeadRef(2, 2), 0.0123);
        grid.scoreNameProperty().set("sink rate");
        return grid;
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
