package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every kernel through NVIDIA's own compiler, which needs no GPU: where it is installed, or in the
 * folder that -Dheadlight.nvrtc names.
 */
class NvrtcTest {
    /** Keeps what a compiler made of each source. */
    private static final class Recorder implements KernelCompiler {
        private final KernelCompiler inner;
        private final List<byte[]> images = new ArrayList<>();

        Recorder(KernelCompiler inner) {
            this.inner = inner;
        }

        @Override
        public byte[] compile(String source, List<String> macros, int capability) {
            byte[] image = inner.compile(source, macros, capability);
            images.add(image);
            return image;
        }
    }

    private static final class Names extends EmulatedDriver {
        Names(int capability) {
            super(capability, 166_912);
        }

        @Override
        public long load(byte[] image) {
            return 1;
        }

        @Override
        public long kernel(long module, String name, int sharedBytes) {
            return 1;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 86, 90})
    void everyKernelCompiles(int capability) {
        Recorder recorder = new Recorder(Gpu.compiler());
        Names driver = new Names(capability);
        try (Kernels kernels = new Kernels(driver, recorder)) {
            for (int width : new int[] {64, 96, 128, 256}) {
                for (Precision precision : Precision.values()) {
                    kernels.flash(
                            FlashKernel.of(precision, width, width, 128, width == 96, driver.info())
                                    .orElseThrow());
                }
            }
            List<String> scoring = List.of("primitives.cu", "antidiagonal.cu");
            kernels.kernel(scoring, List.of("D=128"), "antidiagonal", 0);
            kernels.kernel(List.of("primitives.cu", "blocks.cu"), List.of(), "choose_blocks", 0);
            kernels.kernel(List.of("primitives.cu", "convert.cu"), List.of(), "to_halves", 0);
            kernels.kernel(CudaMaps.FILES, List.of(), "pool_cells", 0);
        }
        assertThat(recorder.images).hasSize(12);
        for (byte[] image : recorder.images) {
            assertThat(image).startsWith(0x7f, 'E', 'L', 'F');
        }
    }

    @Test
    void floatsCompileForOlderDevices() {
        Recorder recorder = new Recorder(Gpu.compiler());
        Names driver = new Names(75);
        try (Kernels kernels = new Kernels(driver, recorder)) {
            kernels.flash(
                    FlashKernel.of(Precision.FP32, 64, 64, 128, false, driver.info())
                            .orElseThrow());
        }
        assertThat(recorder.images).hasSize(1);
    }

    @Test
    void devicesThatTheCompilerDoesNotKnowGetPtx() {
        Recorder recorder = new Recorder(Gpu.compiler());
        Names driver = new Names(999);
        try (Kernels kernels = new Kernels(driver, recorder)) {
            kernels.flash(
                    FlashKernel.of(Precision.FP16, 64, 64, 128, false, driver.info())
                            .orElseThrow());
        }
        assertThat(new String(recorder.images.getFirst(), StandardCharsets.US_ASCII))
                .startsWith("//")
                .contains(".entry flash_fp16(");
    }

    @Test
    void anErrorInASourceIsASentence() {
        Nvrtc nvrtc = Gpu.compiler();
        assertThatThrownBy(() -> nvrtc.compile("extern \"C\" int f( {", List.of(), 80))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(
                        "The kernels do not compile with " + nvrtc.description() + " (error 6: ")
                .hasMessageContaining("headlight.cu(1): error")
                .hasMessageEndingWith("); run attention on the CPU.");
    }

    @Test
    void aFolderWithoutItIsNamed(@TempDir Path folder) {
        boolean installed;
        try {
            Nvrtc.open(Optional.empty());
            installed = true;
        } catch (BadInputException e) {
            installed = false;
        }
        Assumptions.assumeFalse(installed, "NVRTC is installed here.");
        assertThatThrownBy(() -> Nvrtc.open(Optional.of(folder)))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "NVIDIA's run-time compiler (libnvrtc.so.13 or an older one) is not found"
                                + " in "
                                + folder
                                + " or where the system looks for libraries; install CUDA's NVRTC,"
                                + " or run attention on the CPU.");
    }
}
