package org.headlight.app.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cuda.CudaMaps;
import org.headlight.engine.cuda.EmulatedCompiler;
import org.headlight.engine.cuda.EmulatedDriver;
import org.headlight.engine.device.Device;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.DeviceMaps;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.HeadMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.TileKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Whole maps from the CUDA source, run by the emulator, against those of the processor. */
class MapsOnDeviceTest {
    private static final int WIDTH = 16;
    private static final double CLOSE = 1e-5;
    private static final double TINY = 1e-12;

    private final MapBuilder processor = MapBuilder.standard();
    private final EmulatedDriver driver = new EmulatedDriver(80, 49_152);
    private final List<String> told = new ArrayList<>();

    @TempDir Path folder;

    private static QkHead head(int tokens) {
        return new QkHead(
                numbers(tokens, 1), numbers(tokens, 2), null, 0.5f, AttentionMask.causal(0));
    }

    private static Matrix numbers(int tokens, long seed) {
        Random random = new Random(seed);
        float[] values = new float[tokens * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new ArrayMatrix(values, tokens, WIDTH);
    }

    private HeadMap made(DeviceMaps device, QkHead head, Set<Integer> dropped) {
        device.use(new Device.Cuda(0));
        return processor.on(device, told::add).full(head, dropped, Progress.NONE);
    }

    private DeviceMaps device() throws IOException {
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        return new DeviceMaps(cuda -> new CudaMaps(driver, compiler, 0), 0);
    }

    private static void assertSame(HeadMap map, HeadMap swept) {
        for (int level = 0; level <= map.topLevel(); level++) {
            int last = ((map.rows() - 1) >> level) / TileKey.SIZE;
            for (TileKey key :
                    List.of(
                            new TileKey(level, 0, 0),
                            new TileKey(level, last, 0),
                            new TileKey(level, last, last))) {
                for (Pooling pooling : Pooling.values()) {
                    assertSame(key, map.tile(key, pooling), swept.tile(key, pooling));
                }
            }
        }
        assertThat(map.range()).containsExactly(swept.range(), within(1e-6f));
        assertThat(map.droppedMass()).isCloseTo(swept.droppedMass(), within(CLOSE));
        assertThat(map.percentile(0.99, Pooling.MEAN))
                .isCloseTo(swept.percentile(0.99, Pooling.MEAN), within(1e-6f));
    }

    private static void assertSame(TileKey key, float[] tile, float[] swept) {
        for (int i = 0; i < tile.length; i++) {
            boolean same =
                    Float.isNaN(swept[i])
                            ? Float.isNaN(tile[i])
                            : Math.abs(tile[i] - swept[i]) <= CLOSE * swept[i] + TINY;
            if (!same) {
                assertThat(tile[i]).as("%s, pixel %d", key, i).isEqualTo(swept[i]);
            }
        }
    }

    /** With pixels of 1, 2, 4 and 8 cells at the base. */
    @ParameterizedTest
    @CsvSource({"300, false", "2100, true", "5000, true", "8200, false"})
    void mapsAreThoseOfTheProcessor(int tokens, boolean dropSink) throws IOException {
        Set<Integer> dropped = dropSink ? Set.of(0) : Set.of();
        QkHead head = head(tokens);
        try (DeviceMaps device = device()) {
            HeadMap map = made(device, head, dropped);
            assertThat(map.device()).isEqualTo("cuda:0");
            assertSame(map, processor.full(head, dropped, Progress.NONE));
            assertThat(told).isEmpty();
        }
    }

    @Test
    void whereTheDeviceLacksMemoryTheProcessorMakesTheMap() throws IOException {
        QkHead head = head(2100);
        try (DeviceMaps device = device()) {
            driver.limit(9L << 20);
            HeadMap map = made(device, head, Set.of());
            assertThat(map.device()).isEqualTo("cpu");
            assertThat(told)
                    .containsExactly(
                            "A map is made on the CPU: The map needs 4 MB more on the GPU"
                                    + " (Emulator), which has 1 MB of 1099.5 GB free; close other"
                                    + " programs that use it, take a shorter text, or run on the"
                                    + " CPU (--device cpu).");
            assertSame(map, processor.full(head, Set.of(), Progress.NONE));
        }
    }
}
