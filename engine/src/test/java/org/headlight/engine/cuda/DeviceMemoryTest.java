package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionCalls;
import org.headlight.engine.attend.AttentionCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Detour;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.RelativeMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What attention on a device does with its memory, and where it leaves the work to the processor.
 */
class DeviceMemoryTest {
    private static final long MARGIN = 1L << 28;

    /** A device whose kernels do nothing. */
    private static final class Idle extends EmulatedDriver {
        private int loaded;
        private long launched;

        Idle() {
            super(80, 166_912);
        }

        @Override
        public long load(byte[] image) {
            return ++loaded;
        }

        @Override
        public void unload(long module) {
            loaded--;
        }

        @Override
        public long kernel(long module, String name, int sharedBytes) {
            return module;
        }

        @Override
        public void launch(long kernel, Grid grid, MemorySegment argument) {
            launched++;
        }
    }

    private static CudaAttention attention(GpuDriver driver, KernelCompiler compiler) {
        return new CudaAttention(
                driver,
                compiler,
                Precision.FP16,
                new Attention(KernelProvider.flashLookup().kernels(), 1));
    }

    private static void run(CudaAttention attention, AttentionInput input) {
        attention.run(
                input,
                Selection.dense(),
                AttentionOutput.allocate(input.q().heads(), input.q().rows(), input.v().width()),
                Progress.NONE);
    }

    @Test
    void aThousandRunsTakeNoMoreMemoryThanTheLargest() {
        Idle driver = new Idle();
        CudaAttention attention = attention(driver, (source, macros, capability) -> new byte[1]);
        AttentionInput large =
                AttentionCase.input(AttentionMask.causal(0), 1, 4, 2, 300, 300, 64, 64);
        AttentionInput small =
                AttentionCase.input(AttentionMask.causal(0), 1, 2, 1, 70, 70, 32, 32)
                        .withSinks(1, 2);
        run(attention, large);
        run(attention, small);
        long allocations = driver.allocations();
        long held = attention.held();
        for (int i = 0; i < 500; i++) {
            run(attention, large);
            run(attention, small);
        }
        assertThat(driver.allocations()).isEqualTo(allocations);
        assertThat(attention.held()).isEqualTo(held);
        assertThat(driver.launched).isGreaterThan(1000);
        attention.close();
        assertThat(driver.blocks()).isZero();
        assertThat(driver.hostBlocks()).isZero();
        assertThat(driver.loaded).isZero();
        assertThat(driver.closed()).isTrue();
    }

    @Test
    void memoryIsKeptWhileOthersHaveMoreOfIt() {
        Idle driver = new Idle();
        try (CudaAttention attention =
                attention(driver, (source, macros, capability) -> new byte[1])) {
            AttentionInput input =
                    AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 64, 64);
            run(attention, input);
            long held = attention.held();
            assertThat(held).isPositive();
            driver.limit(2 * held + 1);
            run(attention, input);
            assertThat(attention.held()).isEqualTo(held);
            driver.limit(2 * held - 1);
            run(attention, input);
            assertThat(attention.held()).isZero();
            assertThat(driver.blocks()).isZero();
        }
    }

    @Test
    void tooLittleMemoryIsASentenceWithTheNumbersAndTheNextCallGoesOn() {
        Idle driver = new Idle();
        try (CudaAttention attention =
                attention(driver, (source, macros, capability) -> new byte[1])) {
            driver.limit(3L << 20);
            AttentionInput input =
                    AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 20_000, 20_000, 64, 64);
            assertThatThrownBy(() -> run(attention, input))
                    .isInstanceOf(TooLargeException.class)
                    .hasMessage(
                            "Attention needs 4 MB more on the GPU (Emulator), which has 3 MB of"
                                    + " 1099.5 GB free; close other programs that use it, take a"
                                    + " shorter text, or run on the CPU (--device cpu).");
            driver.limit(Long.MAX_VALUE);
            run(attention, input);
        }
        assertThat(driver.blocks()).isZero();
    }

    @Test
    void headsThatDoNotFitTogetherAreComputedOneAfterTheOther(@TempDir Path folder)
            throws IOException {
        EmulatedDriver driver = new EmulatedDriver(80, 166_912);
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        try (CudaAttention attention = attention(driver, compiler)) {
            AttentionInput input =
                    AttentionCase.input(AttentionMask.causal(0), 1, 6, 2, 65, 65, 64, 64)
                            .withSinks(1, 2, 3, 4, 5, 6);
            for (long room : new long[] {1, 60_000, 140_000}) {
                driver.limit(MARGIN + room);
                AttentionOutput output = AttentionOutput.allocate(6, 65, 64);
                attention.run(input, Selection.dense(), output, Progress.NONE);
                AttentionCase.check(room + " bytes", input, (head, row, key) -> true, output, 4e-3);
            }
        }
    }

    @Test
    void whatTheDeviceCannotDoGoesToTheProcessor() {
        Idle driver = new Idle();
        try (CudaAttention attention =
                attention(driver, (source, macros, capability) -> new byte[1])) {
            AttentionInput few =
                    AttentionCase.input(AttentionMask.causal(60), 1, 1, 1, 4, 64, 64, 64);
            AttentionInput wide =
                    AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 300, 64);
            AttentionInput usual =
                    AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 64, 64);
            assertThat(attention.detour(few, Selection.dense())).hasValue(Detour.FEW_QUERIES);
            assertThat(attention.detour(wide, Selection.dense())).hasValue(Detour.WIDTH);
            assertThat(attention.detour(usual, Selection.skipping(0.1))).hasValue(Detour.SKIPPING);
            assertThat(attention.detour(usual, Selection.stepwise(Selection.dense())))
                    .hasValue(Detour.SINGLE_QUERIES);
            assertThat(attention.detour(numbers(usual), Selection.dense())).hasValue(Detour.MASKS);
            assertThat(attention.detour(usual, Selection.dense())).isEmpty();
            AttentionOutput output = AttentionOutput.allocate(1, 4, 64);
            attention.run(few, Selection.dense(), output, Progress.NONE);
            AttentionCase.check("few", few, (head, row, key) -> true, output, 1e-5);
            assertThat(driver.launched).isZero();
            AttentionCalls calls = AttentionCalls.NONE.and(output.counters());
            AttentionOutput device = AttentionOutput.allocate(1, 64, 64);
            attention.run(usual, Selection.dense(), device, Progress.NONE);
            assertThat(calls.and(device.counters()))
                    .isEqualTo(new AttentionCalls(1, 1, Map.of(Detour.FEW_QUERIES, 1L)));
            assertThat(calls.detourWords()).isEqualTo("8 queries or fewer (1)");
        }
    }

    private static AttentionInput numbers(AttentionInput input) {
        int[] first = new int[64];
        int[] end = IntStream.rangeClosed(1, 64).toArray();
        return input.withMask(new RelativeMask(first, end, new float[127]));
    }

    @Test
    void aRunThatIsCancelledStops() {
        Idle driver = new Idle();
        try (CudaAttention attention =
                attention(driver, (source, macros, capability) -> new byte[1])) {
            AttentionInput input =
                    AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 64, 64);
            Progress cancelled =
                    new Progress() {
                        @Override
                        public void at(double fraction, String stage) {}

                        @Override
                        public boolean cancelled() {
                            return true;
                        }
                    };
            assertThatThrownBy(() ->
                            attention.run(
                                    input,
                                    Selection.dense(),
                                    AttentionOutput.allocate(1, 64, 64),
                                    cancelled))
                    .isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void aDeviceThatDrawsAScreenIsNeverBusyForLong(@TempDir Path folder) throws IOException {
        EmulatedDriver driver =
                new EmulatedDriver(80, 166_912) {
                    @Override
                    public boolean watched() {
                        return true;
                    }

                    @Override
                    public GpuInfo info() {
                        // No multiprocessors, so that every head is too much.
                        return new GpuInfo(0, "Slow", 80, 0, 166_912, 0, 1L << 40);
                    }
                };
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 1, 4, 2, 300, 300, 64, 64);
        Spans.Builder spans = new Spans.Builder(4, 300, 64);
        for (int group = 0; group < 20; group++) {
            spans.add(0, group % 2 == 0 ? 300 : 200).next();
        }
        try (CudaAttention attention = attention(driver, new EmulatedCompiler(folder))) {
            AttentionOutput output = AttentionOutput.allocate(4, 300, 64);
            attention.run(input, Selection.dense(), output, Progress.NONE);
            AttentionCase.check("dense", input, (head, row, key) -> true, output, 4e-3);
            long before = driver.launches();
            attention.run(input, spans.build(), output, Progress.NONE);
            AttentionCase.check(
                    "spans",
                    input,
                    (head, row, key) -> key < ((head * 5 + row / 64) % 2 == 0 ? 300 : 200),
                    output,
                    4e-3);
            // One for each head, besides those that make halves of queries, keys and values.
            assertThat(driver.launches() - before).isEqualTo(4 + 4 + 2 + 2);
        }
    }

    /** What the driver does once a kernel has failed. */
    private static final class Failing extends EmulatedDriver {
        private boolean failed;

        Failing() {
            super(80, 166_912);
        }

        private void check() {
            if (failed) {
                throw new BadInputException("An illegal memory access was encountered.");
            }
        }

        @Override
        public void enter() {
            check();
        }

        @Override
        public void free(long address) {
            check();
            super.free(address);
        }

        @Override
        public void freeHost(MemorySegment memory) {
            check();
            super.freeHost(memory);
        }
    }

    @Test
    void aDeviceThatFailedIsClosedQuietlyAndSoIsTheProcessor() {
        Failing driver = new Failing();
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 64, 64);
        Attention processor = new Attention(KernelProvider.flashLookup().kernels(), 1);
        CudaAttention attention =
                new CudaAttention(
                        driver,
                        (source, macros, capability) -> new byte[1],
                        Precision.FP16,
                        processor);
        driver.failed = true;
        assertThatThrownBy(() -> run(attention, input))
                .hasMessage("An illegal memory access was encountered.");
        attention.close();
        assertThat(driver.closed()).isTrue();
        assertThatThrownBy(() ->
                        processor.run(input, AttentionOutput.allocate(1, 64, 64), Progress.NONE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aKernelThatGivesWrongNumbersIsNotUsed() {
        Idle driver = new Idle();
        try (CudaAttention attention =
                attention(driver, (source, macros, capability) -> new byte[1]).trying()) {
            AttentionInput input =
                    AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 64, 64);
            assertThat(attention.refusal()).isEmpty();
            for (int i = 0; i < 2; i++) {
                AttentionOutput output = AttentionOutput.allocate(1, 64, 64);
                attention.run(input, Selection.dense(), output, Progress.NONE);
                AttentionCase.check("fallen", input, (head, row, key) -> true, output, 1e-5);
            }
            assertThat(attention.refusal())
                    .contains(
                            "The kernel of attention gave wrong numbers on Emulator when it was"
                                    + " tried, so the processor computes it.");
        }
    }

    @Test
    void aKernelThatDoesNotCompileLeavesTheWorkToTheProcessor() {
        KernelCompiler none =
                (source, macros, capability) -> {
                    throw new BadInputException("It does not compile.");
                };
        try (CudaAttention attention = attention(new Idle(), none).trying()) {
            AttentionInput input =
                    AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 64, 64, 64, 64);
            AttentionOutput output = AttentionOutput.allocate(1, 64, 64);
            attention.run(input, Selection.dense(), output, Progress.NONE);
            AttentionCase.check("fallen", input, (head, row, key) -> true, output, 1e-5);
            assertThat(attention.refusal()).contains("It does not compile.");
        }
    }

    @Test
    void aKernelThatIsRightIsUsed(@TempDir Path folder) throws IOException {
        EmulatedDriver driver = new EmulatedDriver(80, 166_912);
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        for (Precision precision : Precision.values()) {
            try (CudaAttention attention =
                    new CudaAttention(
                                    driver,
                                    compiler,
                                    precision,
                                    new Attention(KernelProvider.flashLookup().kernels(), 1))
                            .trying()) {
                AttentionInput input =
                        AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 9, 9, 40, 64)
                                .withSoftCap(3);
                AttentionOutput output = AttentionOutput.allocate(1, 9, 64);
                attention.run(input, Selection.dense(), output, Progress.NONE);
                AttentionCase.check("tried", input, (head, row, key) -> true, output, 4e-3);
                long launches = driver.launches();
                attention.run(input, Selection.dense(), output, Progress.NONE);
                assertThat(driver.launches()).isGreaterThan(launches);
                assertThat(attention.refusal()).isEmpty();
            }
        }
    }

    @Test
    void scoringIsTriedToo(@TempDir Path folder) throws IOException {
        AntidiagonalScores.Groups groups = new AntidiagonalScores.Groups(8, 64, true, 0);
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 100, 100, 40, 40);
        try (CudaAttention attention =
                attention(new Idle(), (source, macros, capability) -> new byte[1]).trying()) {
            assertThat(attention.scorer().can(input, groups)).isFalse();
        }
        EmulatedDriver driver = new EmulatedDriver(80, 166_912);
        try (CudaAttention attention = attention(driver, new EmulatedCompiler(folder)).trying()) {
            assertThat(attention.scorer().can(input, groups)).isTrue();
            long launches = driver.launches();
            assertThat(launches).isPositive();
            assertThat(attention.scorer().can(input, groups)).isTrue();
            assertThat(driver.launches()).isEqualTo(launches);
        }
    }

    @Test
    void olderDevicesUseFloats() {
        try (CudaAttention attention =
                new CudaAttention(
                        new EmulatedDriver(75, 65_536),
                        (source, macros, capability) -> new byte[1],
                        Precision.FP16,
                        new Attention(KernelProvider.flashLookup().kernels(), 1))) {
            assertThat(attention.precision()).isEqualTo(Precision.FP32);
        }
    }

    @Test
    void aMissingDriverIsASentence() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libcuda.so.1"))
                        || Files.exists(Path.of("/usr/lib64/libcuda.so.1"))
                        || Files.exists(Path.of("/usr/local/nvidia"))
                        || !System.getProperty("os.name").equals("Linux"),
                "There may be an NVIDIA driver here.");
        assertThatThrownBy(() -> CudaDriver.open(0))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "There is no NVIDIA driver here (libcuda.so.1 is not found); install it, or"
                                + " run on the CPU (--device cpu).");
    }
}
