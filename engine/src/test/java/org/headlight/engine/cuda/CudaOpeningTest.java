package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Whether attention runs on a device, and what is said where it does not. */
class CudaOpeningTest {
    private static final Device.Cuda CUDA = new Device.Cuda(0);
    private static final String LOST =
            "The GPU cannot go on: cuMemcpyDtoH_v2 says \"unspecified launch failure\" (error 719);"
                    + " restart Headlight, or run on the CPU (--device cpu).";

    /** A machine that is played. */
    private record Played(Supplier<KernelCompiler> compilers, Supplier<GpuDriver> drivers)
            implements GpuAccess {
        @Override
        public KernelCompiler compiler(GpuDriver driver) {
            return compilers.get();
        }

        @Override
        public GpuDriver driver(int index) {
            return drivers.get();
        }
    }

    /** A device whose kernels do nothing, and that may fail. */
    private static final class Idle extends EmulatedDriver {
        private boolean lost;

        Idle() {
            super(80, 166_912);
        }

        @Override
        public long load(byte[] image) {
            return 1;
        }

        @Override
        public long kernel(long module, String name, int sharedBytes) {
            return module;
        }

        @Override
        public void launch(long kernel, Grid grid, MemorySegment argument) {}

        @Override
        public void toHost(MemorySegment target, long source, long bytes) {
            alive();
            super.toHost(target, source, bytes);
        }

        @Override
        public void free(long address) {
            alive();
            super.free(address);
        }

        @Override
        public void freeHost(MemorySegment memory) {
            alive();
            super.freeHost(memory);
        }

        private void alive() {
            if (lost) {
                throw new BadInputException(LOST);
            }
        }
    }

    private static AttentionRunner processor() {
        return new Attention(KernelProvider.flashLookup().kernels(), 1);
    }

    private static KernelCompiler nothing() {
        return (source, macros, capability) -> new byte[1];
    }

    private static BadInputException missing() {
        return new BadInputException("NVIDIA's run-time compiler is not found.");
    }

    private static CudaOpening.Outcome opened(GpuAccess access, Precision precision, int width) {
        return new CudaOpening(access, CUDA).open(precision, width, width, processor());
    }

    @Test
    void withoutACompilerTheProcessorComputesAndTheCompilersSentenceIsKept() {
        GpuAccess access =
                new Played(
                        () -> {
                            throw missing();
                        },
                        Idle::new);
        AttentionPlace said = AttentionPlace.instead("NVIDIA's run-time compiler is not found.");
        assertThat(new CudaOpening(access, CUDA).expected()).isEqualTo(said);
        CudaOpening.Outcome outcome = opened(access, Precision.FP32, 64);
        assertThat(outcome.place()).isEqualTo(said);
        assertThat(outcome.place().fellBack()).isTrue();
        assertThat(outcome.place().words()).isEqualTo("CPU");
        assertThat(outcome.runner()).isInstanceOf(Attention.class);
        outcome.runner().close();
    }

    @Test
    void aDeviceThatComputesRightIsUsedAndToldWithItsNumbers(@TempDir Path folder)
            throws IOException {
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        for (Precision precision : Precision.values()) {
            EmulatedDriver driver = new EmulatedDriver(80, 166_912);
            GpuAccess access = new Played(() -> compiler, () -> driver);
            CudaOpening.Outcome outcome = opened(access, precision, 24);
            String numbers = precision == Precision.FP16 ? "halves" : "floats";
            assertThat(outcome.place()).isEqualTo(AttentionPlace.on(CUDA, "Emulator", numbers));
            assertThat(outcome.place().words()).isEqualTo("CUDA 0, Emulator, in " + numbers);
            assertThat(outcome.runner()).isInstanceOf(CudaAttention.class);
            outcome.runner().close();
            assertThat(driver.blocks()).isZero();
        }
    }

    @Test
    void blocksAreScoredThereAfterATrialThatWasRight(@TempDir Path folder) throws IOException {
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        Broken driver = new Broken();
        CudaOpening.Outcome outcome =
                opened(new Played(() -> compiler, () -> driver), Precision.FP16, 32);
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 1, 2, 1, 200, 200, 32, 32);
        AntidiagonalScores.Groups groups = new AntidiagonalScores.Groups(8, 64, true, 0);
        assertThat(outcome.runner().scorer().can(input, groups)).isTrue();
        assertThat(outcome.runner().scorer().refusal()).isEmpty();
        outcome.runner().close();
        for (String kernel : List.of("antidiagonal", "block_sums", "choose_blocks")) {
            Broken other = new Broken();
            other.without = kernel;
            CudaOpening.Outcome wrong =
                    opened(new Played(() -> compiler, () -> other), Precision.FP16, 32);
            assertThat(wrong.runner()).isInstanceOf(CudaAttention.class);
            assertThat(wrong.runner().scorer().can(input, groups)).as(kernel).isFalse();
            assertThat(wrong.runner().scorer().refusal().orElseThrow())
                    .startsWith("The kernels that choose blocks gave ");
            wrong.runner().close();
        }
    }

    /** A device on which one kernel does nothing. */
    private static final class Broken extends EmulatedDriver {
        private String without = "";
        private final Map<Long, String> names = new HashMap<>();

        Broken() {
            super(80, 166_912);
        }

        @Override
        public long allocate(long bytes) {
            long address = super.allocate(bytes);
            clear(address, bytes);
            return address;
        }

        @Override
        public long kernel(long module, String name, int sharedBytes) {
            long kernel = super.kernel(module, name, sharedBytes);
            names.put(kernel, name);
            return kernel;
        }

        @Override
        public void launch(long kernel, Grid grid, MemorySegment argument) {
            if (!without.equals(names.get(kernel))) {
                super.launch(kernel, grid, argument);
            }
        }
    }

    @Test
    void aDeviceThatIsExpectedToServeHasNoNumbersYet() {
        GpuAccess access = new Played(CudaOpeningTest::nothing, Idle::new);
        assertThat(new CudaOpening(access, CUDA).expected())
                .isEqualTo(AttentionPlace.on(CUDA, "Emulator", ""));
    }

    @Test
    void aDeviceThatComputesWrongIsNotUsed() {
        Idle driver = new Idle();
        CudaOpening.Outcome outcome =
                opened(new Played(CudaOpeningTest::nothing, () -> driver), Precision.FP32, 64);
        assertThat(outcome.place().device()).isEqualTo(Device.CPU);
        assertThat(outcome.place().reason())
                .isEqualTo(
                        "The kernel of attention gave wrong numbers on Emulator when it was tried,"
                                + " so the processor computes it.");
        assertThat(driver.blocks()).isZero();
        assertThat(driver.closed()).isTrue();
        assertComputes(outcome.runner());
        outcome.runner().close();
    }

    @Test
    void kernelsThatDoNotCompileAreAReasonToo() {
        Idle driver = new Idle();
        KernelCompiler broken =
                (source, macros, capability) -> {
                    throw new BadInputException("The kernels do not compile.");
                };
        CudaOpening.Outcome outcome =
                opened(new Played(() -> broken, () -> driver), Precision.FP16, 64);
        assertThat(outcome.place())
                .isEqualTo(AttentionPlace.instead("The kernels do not compile."));
        assertThat(driver.closed()).isTrue();
        assertComputes(outcome.runner());
        outcome.runner().close();
    }

    @Test
    void headsThatAreTooWideStayOnTheProcessorAndThatIsSaid() {
        CudaOpening.Outcome outcome =
                opened(new Played(CudaOpeningTest::nothing, Idle::new), Precision.FP16, 320);
        assertThat(outcome.place().reason())
                .isEqualTo(
                        "Heads of 320 and 320 numbers are wider than what the kernels take on"
                                + " Emulator.");
        outcome.runner().close();
    }

    @Test
    void aDeviceWithoutMemoryIsNotUsed() {
        Idle driver = new Idle();
        driver.limit(0);
        CudaOpening.Outcome outcome =
                opened(new Played(CudaOpeningTest::nothing, () -> driver), Precision.FP32, 64);
        assertThat(outcome.place().reason()).startsWith("Attention needs 2 MB more on the GPU");
        outcome.runner().close();
    }

    @Test
    void aDeviceThatFailsInTheMiddleEndsInOneSentenceAndCanStillBeClosed() {
        Idle driver = new Idle();
        CudaAttention attention = new CudaAttention(driver, nothing(), Precision.FP32, processor());
        driver.lost = true;
        assertThatThrownBy(() -> assertComputes(attention))
                .isInstanceOf(BadInputException.class)
                .hasMessage(LOST);
        attention.close();
    }

    private static void assertComputes(AttentionRunner runner) {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 20, 20, 64, 64);
        AttentionOutput output = AttentionOutput.allocate(1, 20, 64);
        runner.run(input, Selection.dense(), output, Progress.NONE);
        AttentionCase.check("the processor", input, (head, row, key) -> true, output, 1e-5);
    }
}
