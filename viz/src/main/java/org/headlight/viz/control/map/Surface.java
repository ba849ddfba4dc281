package org.headlight.viz.control.map;

import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import java.nio.IntBuffer;

/** Pixels that a worker fills and the scene shows without a copy. */
final class Surface {
    /** The longest side that every graphics pipeline takes as one texture. */
    static final int MAX_SIDE = 4096;

    private final int width;
    private final int height;
    private final int[] pixels;
    private final PixelBuffer<IntBuffer> buffer;
    private final WritableImage image;

    Surface(int width, int height) {
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new IllegalArgumentException(
                    "a surface of " + width + " x " + height + " pixels is not 1 to " + MAX_SIDE);
        }
        this.width = width;
        this.height = height;
        pixels = new int[width * height];
        buffer =
                new PixelBuffer<>(
                        width, height, IntBuffer.wrap(pixels), PixelFormat.getIntArgbPreInstance());
        image = new WritableImage(buffer);
    }

    /**
     * Device pixels for each unit of the scene: as the screen wants it, but so that the surface
     * stays within {@link #MAX_SIDE}.
     */
    static double density(double width, double height, double outputScale) {
        return Math.min(outputScale, MAX_SIDE / Math.max(1, Math.max(width, height)));
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int[] pixels() {
        return pixels;
    }

    WritableImage image() {
        return image;
    }

    /** Tells the scene that the pixels changed; FX thread. */
    void publish() {
        buffer.updateBuffer(all -> null);
    }
}
