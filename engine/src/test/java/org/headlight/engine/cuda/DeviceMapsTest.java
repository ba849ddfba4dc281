package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.device.Device;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.model.DeviceMaps;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.Visibility;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** When maps go to a device, and what happens when it fails. */
class DeviceMapsTest {
    private static final KernelCompiler NOTHING = (source, macros, capability) -> new byte[1];
    private static final Device.Cuda FIRST = new Device.Cuda(0);

    private static final QkHead HEAD = head(300, 40);

    private final List<EmulatedDriver> opened = new ArrayList<>();

    private static QkHead head(int tokens, int width) {
        float[] q = new float[tokens * width];
        for (int i = 0; i < q.length; i++) {
            q[i] = (i * 7919 % 1000 - 500) / 500f;
        }
        ArrayMatrix matrix = new ArrayMatrix(q, tokens, width);
        return new QkHead(matrix, matrix, null, 1, AttentionMask.causal(0));
    }

    private static PooledMap pool(DeviceMaps maps, Progress progress) {
        Visibility visibility = new Visibility(HEAD, Set.of());
        return maps.pool(HEAD, visibility, new PixelRows(visibility, 3), progress);
    }

    /** A device whose kernels do nothing, or fail. */
    private final class Played extends EmulatedDriver {
        private final boolean lost;
        private boolean failed;

        Played(boolean lost) {
            super(80, 49_152);
            this.lost = lost;
            opened.add(this);
        }

        private void check() {
            if (failed) {
                throw new BadInputException("The GPU has fallen off the bus.");
            }
        }

        @Override
        public long load(byte[] image) {
            return 1;
        }

        @Override
        public long kernel(long module, String name, int sharedBytes) {
            return 1;
        }

        @Override
        public void launch(long kernel, Grid grid, MemorySegment argument) {
            failed = lost;
            check();
        }

        @Override
        public void free(long address) {
            check();
            super.free(address);
        }

        @Override
        public void enter() {
            check();
        }
    }

    private DeviceMaps maps(boolean lost) {
        return new DeviceMaps(device -> new CudaMaps(new Played(lost), NOTHING, 0), 0);
    }

    @Test
    void noDeviceIsOpenedBeforeTheFirstMapAndNoneForTheProcessor() {
        try (DeviceMaps maps = maps(false)) {
            assertThat(maps.takes(HEAD)).isFalse();
            assertThat(maps.device()).isEqualTo("cpu");
            maps.use(FIRST);
            assertThat(maps.takes(HEAD)).isTrue();
            assertThat(maps.device()).isEqualTo("cuda:0");
            assertThat(opened).isEmpty();
            pool(maps, Progress.NONE);
            pool(maps, Progress.NONE);
            assertThat(opened).hasSize(1);
            maps.use(FIRST);
            assertThat(opened.getFirst().closed()).isFalse();
            maps.use(Device.CPU);
            assertThat(opened.getFirst().closed()).isTrue();
            assertThat(maps.takes(HEAD)).isFalse();
        }
    }

    @Test
    void nothingStaysOnTheDeviceAfterAMap() {
        try (DeviceMaps maps = maps(false)) {
            maps.use(FIRST);
            pool(maps, Progress.NONE);
            assertThat(opened.getFirst().blocks()).isZero();
        }
        assertThat(opened.getFirst().hostBlocks()).isZero();
        assertThat(opened.getFirst().closed()).isTrue();
    }

    @Test
    void smallMapsAndThoseThatAreNotRulesStayOnTheProcessor() {
        QkHead small = head(2000, 1);
        assertThat(CudaMaps.takes(small, 2e6)).isTrue();
        assertThat(CudaMaps.takes(small, 2.1e6)).isFalse();
        assertThat(CudaMaps.takes(small, CudaMaps.PAYS)).isFalse();
        assertThat(CudaMaps.takes(new ProbabilityHead(small.q(), AttentionMask.causal(0)), 0))
                .isFalse();
        assertThat(CudaMaps.takes(new QkHead(small.q(), small.k(), null, 1, new Biased()), 0))
                .isFalse();
    }

    private record Biased() implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return row + 1;
        }

        @Override
        public boolean unbiased() {
            return false;
        }

        @Override
        public float bias(int row, int col) {
            return row - col;
        }

        @Override
        public boolean causal() {
            return true;
        }
    }

    @Test
    void aDeviceThatIsLostIsNotAskedAgainUntilAnotherIsNamed() {
        try (DeviceMaps maps = maps(true)) {
            maps.use(FIRST);
            assertThatThrownBy(() -> pool(maps, Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("The GPU has fallen off the bus.");
            assertThat(opened.getFirst().closed()).isTrue();
            assertThat(maps.takes(HEAD)).isFalse();
            maps.use(FIRST);
            assertThat(maps.takes(HEAD)).isFalse();
            maps.use(new Device.Cuda(1));
            assertThat(maps.takes(HEAD)).isTrue();
        }
    }

    @Test
    void aDeviceThatLacksMemoryIsAskedAgain() {
        try (DeviceMaps maps = maps(false)) {
            maps.use(FIRST);
            pool(maps, Progress.NONE);
            opened.getFirst().limit(5L << 20);
            assertThatThrownBy(() -> pool(maps, Progress.NONE))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageStartingWith("The map needs 2 MB more on the GPU (Emulator)");
            assertThat(opened.getFirst().blocks()).isZero();
            assertThat(maps.takes(HEAD)).isTrue();
            opened.getFirst().limit(Long.MAX_VALUE);
            pool(maps, Progress.NONE);
            assertThat(opened).hasSize(1);
        }
    }

    @Test
    void aMapThatIsCancelledStopsBetweenItsLaunches() {
        try (DeviceMaps maps = maps(false)) {
            maps.use(FIRST);
            Progress soon =
                    new Progress() {
                        private double done;

                        @Override
                        public void at(double fraction, String stage) {
                            assertThat(fraction).isGreaterThan(done);
                            done = fraction;
                        }

                        @Override
                        public boolean cancelled() {
                            return done > 0.4;
                        }
                    };
            assertThatThrownBy(() -> pool(maps, soon)).isInstanceOf(CancelledException.class);
            assertThat(opened.getFirst().blocks()).isZero();
            assertThat(maps.takes(HEAD)).isTrue();
        }
    }

    @Test
    void kernelsThatGiveWrongNumbersAreNotUsed() {
        try (CudaMaps maps = new CudaMaps(new Played(false), NOTHING, 0).trying()) {
            Visibility visibility = new Visibility(HEAD, Set.of());
            assertThatThrownBy(() ->
                            maps.pool(
                                    HEAD, visibility, new PixelRows(visibility, 3), Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "The kernels of maps gave wrong numbers on Emulator when they were"
                                    + " tried.");
        }
    }

    @Test
    void kernelsThatAreRightAreTriedOnceAndUsed(@TempDir Path folder) throws IOException {
        EmulatedDriver driver = new EmulatedDriver(80, 49_152);
        try (CudaMaps maps = new CudaMaps(driver, new EmulatedCompiler(folder), 0).trying()) {
            Visibility visibility = new Visibility(HEAD, Set.of());
            PixelRows pixels = new PixelRows(visibility, 3);
            PooledMap first = maps.pool(HEAD, visibility, pixels, Progress.NONE);
            long launches = driver.launches();
            PooledMap second = maps.pool(HEAD, visibility, pixels, Progress.NONE);
            assertThat(driver.launches() - launches).isLessThan(5);
            assertThat(second.sum()).isDeepEqualTo(first.sum());
        }
    }
}
