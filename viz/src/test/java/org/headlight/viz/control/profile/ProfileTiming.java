package org.headlight.viz.control.profile;

import atlantafx.base.theme.PrimerLight;

import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;

import org.headlight.assets.Assets;
import org.headlight.viz.control.ControlsDemo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures what both profiles cost when the pointer moves: the time on the JavaFX thread for new
 * values, layout and painting, the processor time of the render thread, and the very first chart.
 * Not a test: run its main.
 */
public final class ProfileTiming extends Application {
    private static final int WARM = 300;
    private static final int COUNTED = 600;
    private static final int[] LENGTHS = {329, 8_192, 32_768};

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<Double> times = new ArrayList<>();
    private int round;
    private int step;
    private long renderFrom;

    /** Starts the window. */
    public static final class Launcher {
        private Launcher() {}

        public static void main(String[] args) {
            Application.launch(ProfileTiming.class, args);
        }
    }

    @Override
    public void start(Stage stage) throws IOException {
        ControlsDemo.fonts();
        setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
        ProfileChart row = new ProfileChart(ProfileKind.ROW);
        ProfileChart column = new ProfileChart(ProfileKind.COLUMN);
        boolean log = getParameters().getRaw().contains("log");
        row.logarithmicProperty().set(log);
        VBox root = new VBox();
        Scene scene = new Scene(root, 264, 360);
        scene.getStylesheets().add(new Assets().styleSheet("headlight.css"));
        stage.setScene(scene);
        stage.show();
        new AnimationTimer() {
            @Override
            public void handle(long now) {
                tick(root, row, column);
            }
        }.start();
    }

    private void tick(VBox root, ProfileChart row, ProfileChart column) {
        float[] across = values(LENGTHS[round], step);
        float[] down = values(LENGTHS[round], step + 7);
        long from = System.nanoTime();
        row.valuesProperty().set(across);
        column.valuesProperty().set(down);
        row.markedProperty().set(step % across.length);
        column.markedProperty().set(step * 3 % across.length);
        row.positionProperty().set(step);
        if (root.getChildren().isEmpty()) {
            root.getChildren().addAll(row, column);
            root.applyCss();
        }
        root.layout();
        double took = (System.nanoTime() - from) / 1e6;
        if (step == 0 && round == 0) {
            System.out.printf("first both charts: %.1f ms%n", took);
        }
        if (step == 1 && round == 0) {
            System.out.printf("second: %.1f ms%n", took);
        }
        step++;
        if (step == WARM) {
            renderFrom = renderTime();
        }
        if (step > WARM) {
            times.add(took);
        }
        if (times.size() == COUNTED) {
            report();
        }
    }

    private void report() {
        double[] sorted = times.stream().mapToDouble(t -> t).sorted().toArray();
        System.out.printf(
                "%6d positions: median %.2f ms, p95 %.2f ms, most %.2f ms; render thread %.2f ms%n",
                LENGTHS[round],
                sorted[COUNTED / 2],
                sorted[COUNTED * 95 / 100],
                sorted[COUNTED - 1],
                (renderTime() - renderFrom) / 1e6 / COUNTED);
        times.clear();
        step = 0;
        round++;
        if (round == LENGTHS.length) {
            Platform.exit();
            round = 0;
        }
    }

    private long renderTime() {
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith("QuantumRenderer"))
                .mapToLong(ThreadInfo::getThreadId)
                .map(threads::getThreadCpuTime)
                .sum();
    }

    /** A causal row with a sink and a busy neighbourhood: masked behind its own position. */
    private static float[] values(int length, int seed) {
        float[] values = new float[length];
        int self = length / 2 + seed * 13 % (length / 2);
        for (int i = 0; i < length; i++) {
            values[i] =
                    i > self
                            ? Float.NaN
                            : (float)
                                    (0.3 / (1 + i)
                                            + 0.2 * Math.exp((i - self) / 20.0)
                                            + 1e-5 * ((i * 31 + seed) % 97));
        }
        return values;
    }
}
