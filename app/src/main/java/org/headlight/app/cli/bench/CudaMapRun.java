package org.headlight.app.cli.bench;

import com.google.gson.JsonObject;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cuda.CudaMaps;
import org.headlight.engine.cuda.GpuInfo;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.HeadMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.TileKey;

import java.util.Random;
import java.util.Set;

/**
 * The exact map of one head, made on a GPU and on the processor: time from the head to the pyramid,
 * and how far the two are apart.
 */
public final class CudaMapRun {
    private static final int WIDTH = 128;
    private static final int RUNS = 5;

    /** The processor makes no longer ones here. */
    private static final int LONGEST = 32_768;

    /** Passes over all pairs: one for the norms of rows, one for the pixels. */
    private static final int PASSES = 2;

    private final CudaMaps maps;
    private final MapBuilder processor = MapBuilder.standard();

    public CudaMapRun(CudaMaps maps) {
        this.maps = maps;
    }

    /** Measures one length. */
    public JsonObject run(int tokens, Progress progress) {
        QkHead head =
                new QkHead(
                        numbers(tokens, 1),
                        numbers(tokens, 2),
                        null,
                        (float) (1 / Math.sqrt(WIDTH)),
                        AttentionMask.causal(0));
        MapBuilder device =
                processor.on(
                        maps,
                        reason -> {
                            throw new IllegalStateException(reason);
                        });
        HeadMap made = device.full(head, Set.of(), progress.quiet());
        double millis = Double.POSITIVE_INFINITY;
        for (int i = 0; i < RUNS; i++) {
            progress.at((double) i / RUNS, "map of " + tokens + " tokens");
            long start = System.nanoTime();
            made = device.full(head, Set.of(), progress.quiet());
            millis = Math.min(millis, (System.nanoTime() - start) / 1e6);
        }
        JsonObject json = new JsonObject();
        json.addProperty("tokens", tokens);
        json.addProperty("width", WIDTH);
        json.addProperty("deviceMillis", millis);
        double work = 2.0 * PASSES * WIDTH * 0.5 * tokens * (tokens + 1.0);
        json.addProperty("overFloor", millis / 1e3 * rate(maps.info()) / work);
        if (tokens <= LONGEST) {
            while (!processor.warm()) {
                processor.startWarmUp();
                processor.preview(head, Set.of(), progress.quiet());
            }
            long start = System.nanoTime();
            HeadMap swept = processor.full(head, Set.of(), progress.quiet());
            json.addProperty("processorMillis", (System.nanoTime() - start) / 1e6);
            json.addProperty("largestDifference", difference(made, swept));
        }
        return json;
    }

    /** Operations a second of the cores for floats. */
    private static double rate(GpuInfo gpu) {
        int capability = gpu.capability();
        int cores = capability == 80 || capability == 60 || capability / 10 == 7 ? 64 : 128;
        return 2.0 * cores * gpu.processors() * gpu.clockHertz();
    }

    /** The largest difference of pixels of the coarsest level, as a part of them. */
    private static double difference(HeadMap made, HeadMap swept) {
        double largest = 0;
        for (Pooling pooling : Pooling.values()) {
            float[] mine = made.tile(new TileKey(made.topLevel(), 0, 0), pooling);
            float[] other = swept.tile(new TileKey(made.topLevel(), 0, 0), pooling);
            for (int i = 0; i < mine.length; i++) {
                if (other[i] > 0) {
                    largest = Math.max(largest, Math.abs(mine[i] - other[i]) / other[i]);
                }
            }
        }
        return largest;
    }

    /** Numbers of variance 1. */
    private static Matrix numbers(int tokens, long seed) {
        Random random = new Random(seed);
        float[] values = new float[tokens * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextFloat() - 0.5f) * 3.4641f;
        }
        return new ArrayMatrix(values, tokens, WIDTH);
    }
}
