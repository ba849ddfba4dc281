package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.cuda.CudaAttention;
import org.headlight.engine.cuda.EmulatedCompiler;
import org.headlight.engine.cuda.EmulatedDriver;
import org.headlight.engine.cuda.GpuAccess;
import org.headlight.engine.cuda.GpuDriver;
import org.headlight.engine.cuda.KernelCompiler;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What is told of attention before and after a model is cut into its pieces. */
class SeamRunnerTest {
    private static final Device.Cuda CUDA = new Device.Cuda(0);
    private static final SiteSizes SIZES = new SiteSizes(16, 16, 2, 32, 1, 1, 32);

    /** A machine with a device, and a compiler or none. */
    private record Machine(Optional<KernelCompiler> found) implements GpuAccess {
        @Override
        public GpuDriver driver(int index) {
            return new EmulatedDriver(80, 166_912);
        }

        @Override
        public KernelCompiler compiler(GpuDriver driver) {
            return found.orElseThrow(() -> new BadInputException("NVRTC is not found."));
        }
    }

    private static ModelOptions options(Device device) {
        return ModelOptions.defaults().withThreads(1).withDevice(device);
    }

    @Test
    void withoutTheCompilerTheReasonIsKnownAtOnceAndTheProcessorComputes() {
        SeamRunner seam = new SeamRunner(options(CUDA), new Machine(Optional.empty()));
        AttentionPlace said = AttentionPlace.instead("NVRTC is not found.");
        assertThat(seam.place()).isEqualTo(said);
        try (AttentionRunner runner = seam.open(true, SIZES)) {
            assertThat(runner).isNotInstanceOf(CudaAttention.class);
        }
        assertThat(seam.place()).isEqualTo(said);
    }

    @Test
    void withItTheNumbersAreKnownOnceItWasTried(@TempDir Path folder) throws IOException {
        Machine machine = new Machine(Optional.of(new EmulatedCompiler(folder)));
        SeamRunner seam = new SeamRunner(options(CUDA), machine);
        assertThat(seam.place()).isEqualTo(AttentionPlace.on(CUDA, "Emulator", ""));
        try (AttentionRunner runner = seam.open(true, SIZES)) {
            assertThat(runner).isInstanceOf(CudaAttention.class);
        }
        assertThat(seam.place()).isEqualTo(AttentionPlace.on(CUDA, "Emulator", "halves"));
    }

    @Test
    void onTheProcessorThereIsNothingToSay() {
        SeamRunner seam = new SeamRunner(options(Device.CPU), new Machine(Optional.empty()));
        assertThat(seam.place()).isEqualTo(AttentionPlace.cpu());
        assertThat(seam.place().fellBack()).isFalse();
    }
}
