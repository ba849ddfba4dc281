package org.headlight.viz.control.grid;

import javafx.application.Platform;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import org.headlight.engine.problem.Problem;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Thumbnail;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thumbnails of one source: fetched on a worker, those asked for last first, kept as numbers,
 * coloured when drawn. All methods belong to the FX thread.
 */
final class Thumbnails {
    /** Pixels along the side. */
    static final int SIDE = 48;

    private final @Nullable ThumbnailSource source;
    private final Runnable onArrival;
    private final Map<HeadRef, float[]> values = new HashMap<>();
    private final Map<HeadRef, WritableImage> images = new HashMap<>();
    private final Set<HeadRef> failed = new HashSet<>();
    private final Deque<HeadRef> queue = new ArrayDeque<>();
    private final ThreadPoolExecutor worker;
    private boolean busy;
    private boolean closed;
    private @Nullable Scale imagesScale;
    private @Nullable Palette imagesPalette;

    Thumbnails(@Nullable ThumbnailSource source, Runnable onArrival) {
        this.source = source;
        this.onArrival = onArrival;
        worker =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> Thread.ofPlatform().daemon().name("thumbnails").unstarted(task));
        worker.allowCoreThreadTimeOut(true);
    }

    /** Fetches these next, in this order; forgets what was waiting. */
    void want(Collection<HeadRef> heads) {
        queue.clear();
        for (HeadRef head : heads) {
            if (!values.containsKey(head) && !failed.contains(head)) {
                queue.add(head);
            }
        }
        next();
    }

    void close() {
        closed = true;
        queue.clear();
    }

    private void next() {
        ThumbnailSource from = source;
        HeadRef head = from == null || busy || closed ? null : queue.poll();
        if (from == null || head == null) {
            return;
        }
        busy = true;
        worker.execute(() -> fetch(from, head));
    }

    private void fetch(ThumbnailSource from, HeadRef head) {
        float[] thumbnail = null;
        try {
            thumbnail = Thumbnail.of(from.map(head), SIDE);
        } catch (Problem | IllegalStateException e) {
            // The capture was closed below us, or this head cannot be had: its place stays empty.
            thumbnail = null;
        }
        float[] arrived = thumbnail;
        Platform.runLater(() -> arrived(head, arrived));
    }

    private void arrived(HeadRef head, float @Nullable [] thumbnail) {
        busy = false;
        if (thumbnail == null) {
            failed.add(head);
        } else {
            values.put(head, thumbnail);
        }
        next();
        if (!closed) {
            onArrival.run();
        }
    }

    /** The picture of a head; null while it is not there. */
    @SuppressWarnings("ReferenceEquality") // Palettes have no equality of their own.
    @Nullable WritableImage image(HeadRef head, Scale scale, Palette palette) {
        if (!scale.equals(imagesScale) || palette != imagesPalette) {
            images.clear();
            imagesScale = scale;
            imagesPalette = palette;
        }
        float[] thumbnail = values.get(head);
        if (thumbnail == null) {
            return null;
        }
        return images.computeIfAbsent(head, h -> colored(thumbnail, scale, palette));
    }

    private static WritableImage colored(float[] thumbnail, Scale scale, Palette palette) {
        int[] argb = new int[SIDE * SIDE];
        for (int i = 0; i < argb.length; i++) {
            float value = thumbnail[i];
            argb[i] =
                    Float.isNaN(value)
                            ? palette.masked(i % SIDE, i / SIDE)
                            : palette.argb(scale.position(value));
        }
        WritableImage image = new WritableImage(SIDE, SIDE);
        image.getPixelWriter()
                .setPixels(0, 0, SIDE, SIDE, PixelFormat.getIntArgbInstance(), argb, 0, SIDE);
        return image;
    }
}
