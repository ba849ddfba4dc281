package org.headlight.app.cli.bench;

import com.google.gson.JsonObject;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.MapPainter;
import org.headlight.viz.raster.MapViewport;
import org.headlight.viz.raster.PaintStyle;
import org.headlight.viz.raster.Painting;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scales;
import org.headlight.viz.raster.TileKey;
import org.headlight.viz.raster.TileSource;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One measurement in a fresh process: from a capture to the first picture of one map, then panning
 * and zooming in it.
 */
public final class PictureRun {
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final int FRAMES = 240;
    private static final int WARM_ROUNDS = 7;

    private final int[] pixels = new int[WIDTH * HEIGHT];

    /** Tiles that have arrived, as in the window: painting never waits for one. */
    private static final class Arrived implements TileSource {
        private final AttentionMap map;
        private final Map<TileKey, float[]> tiles = new HashMap<>();

        Arrived(AttentionMap map) {
            this.map = map;
        }

        @Override
        public int rows() {
            return map.rows();
        }

        @Override
        public int cols() {
            return map.cols();
        }

        @Override
        public int topLevel() {
            return map.topLevel();
        }

        @Override
        public float @Nullable [] tileIfPresent(TileKey key, Pooling pooling) {
            return tiles.get(key);
        }

        void load(Painting painting) {
            for (TileKey key : painting.missing()) {
                tiles.put(key, map.tile(key, Pooling.MAX));
            }
        }
    }

    /**
     * Measures.
     *
     * @param file a capture
     * @param layer index of the site
     * @param head index of the head
     */
    public JsonObject run(Path file, int layer, int head) {
        JsonObject json = new JsonObject();
        try (Capture capture = CaptureFiles.read(file, Progress.NONE)) {
            HeadAttention attention = capture.sites().get(layer).heads().get(head);
            MapBuilder builder = MapBuilder.standard();
            long start = System.nanoTime();
            AttentionMap coarse = builder.preview(attention, Set.of(), Progress.NONE);
            fit(coarse);
            json.addProperty("coarseSeconds", seconds(start));
            long again = System.nanoTime();
            AttentionMap full = builder.full(attention, Set.of(), Progress.NONE);
            fit(full);
            json.addProperty("fullSeconds", seconds(again));
            List<Double> first = frames(full);
            json.addProperty("frameP50Millis", first.get(FRAMES / 2));
            json.addProperty("frameP95Millis", first.get(FRAMES * 95 / 100));
            json.addProperty("rssBytes", ProcessMemory.resident());
            json.addProperty("warmFrameP95Millis", frames(full).get(FRAMES * 95 / 100));
            warm(builder, attention, json);
        }
        return json;
    }

    /** The same again once the kernels are compiled, as in a window that has been open a while. */
    private void warm(MapBuilder builder, HeadAttention attention, JsonObject json) {
        builder.startWarmUp();
        while (!builder.warm()) {
            fit(builder.preview(attention, Set.of(), Progress.NONE));
        }
        List<Double> coarse = new ArrayList<>();
        List<Double> full = new ArrayList<>();
        for (int round = 0; round < WARM_ROUNDS; round++) {
            long start = System.nanoTime();
            fit(builder.preview(attention, Set.of(), Progress.NONE));
            coarse.add(seconds(start));
            start = System.nanoTime();
            fit(builder.full(attention, Set.of(), Progress.NONE));
            full.add(seconds(start));
        }
        Collections.sort(coarse);
        Collections.sort(full);
        json.addProperty("warmCoarseSeconds", coarse.get(WARM_ROUNDS / 2));
        json.addProperty("warmFullSeconds", full.get(WARM_ROUNDS / 2));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static MapPainter painter(AttentionMap map) {
        return new MapPainter(
                new PaintStyle(Pooling.MAX, Scales.log(map), ColorMap.VIRIDIS.palette(false)));
    }

    private void fit(AttentionMap map) {
        painter(map).paint(map, MapViewport.fit(map.rows(), map.cols(), WIDTH, HEIGHT), pixels);
    }

    /** Milliseconds of each frame of a walk through the map, the fastest first. */
    private List<Double> frames(AttentionMap map) {
        MapPainter painter = painter(map);
        Arrived tiles = new Arrived(map);
        MapViewport view = MapViewport.fit(map.rows(), map.cols(), WIDTH, HEIGHT);
        tiles.load(painter.paint(tiles, view, pixels));
        List<Double> times = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            view = next(view, frame).clamp(map.rows(), map.cols());
            long start = System.nanoTime();
            Painting painting = painter.paint(tiles, view, pixels);
            times.add(seconds(start) * 1e3);
            tiles.load(painting);
        }
        Collections.sort(times);
        return times;
    }

    /** In at the pointer, a pan, and out again. */
    private static MapViewport next(MapViewport view, int frame) {
        int phase = frame % 80;
        if (phase < 25) {
            return view.zoomAt(0.6 * WIDTH, 0.7 * HEIGHT, 1.2);
        }
        return phase < 55 ? view.pan(24, 16) : view.zoomAt(0.4 * WIDTH, 0.4 * HEIGHT, 1 / 1.2);
    }
}
