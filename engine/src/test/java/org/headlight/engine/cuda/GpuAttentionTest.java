package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The CUDA source of attention, on a GPU, where there is one. */
class GpuAttentionTest extends AttentionTruth {

    @Override
    GpuDriver driver(Path folder) {
        return Gpu.driver();
    }

    @Override
    KernelCompiler compiler(Path folder) {
        return Gpu.compiler();
    }

    @Override
    void mode(int order) {}

    @Test
    void longTextsEqualTheProcessor() {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 2, 8, 2, 4000, 4000, 128, 128);
        Attention processor = new Attention(KernelProvider.flashLookup().kernels(), 4);
        AttentionOutput truth = AttentionOutput.allocate(8, 4000, 128);
        processor.run(input, Selection.dense(), truth, Progress.NONE);
        for (Precision precision : Precision.values()) {
            try (CudaAttention attention =
                    new CudaAttention(Gpu.driver(), Gpu.compiler(), precision, processor)) {
                AttentionOutput output = AttentionOutput.allocate(8, 4000, 128);
                attention.run(input, Selection.dense(), output, Progress.NONE);
                float tolerance = attention.precision() == Precision.FP16 ? 1e-2f : 1e-4f;
                assertThat(output.out().values())
                        .containsExactly(truth.out().values(), within(tolerance));
            }
        }
    }

    @Test
    void aThousandRunsLeaveTheDeviceAsMuchMemory() {
        Attention processor = new Attention(KernelProvider.flashLookup().kernels(), 1);
        GpuDriver driver = Gpu.driver();
        try (CudaAttention attention =
                new CudaAttention(driver, Gpu.compiler(), Precision.FP16, processor)) {
            AttentionInput input =
                    AttentionCase.input(AttentionMask.causal(0), 2, 4, 2, 500, 500, 64, 64);
            AttentionOutput output = AttentionOutput.allocate(4, 500, 64);
            attention.run(input, Selection.dense(), output, Progress.NONE);
            long free = driver.memory().freeBytes();
            for (int run = 0; run < 1000; run++) {
                Selection selection = run % 2 == 0 ? Selection.dense() : Selection.band(64, 64);
                attention.run(input, selection, output, Progress.NONE);
            }
            assertThat(driver.memory().freeBytes()).isGreaterThanOrEqualTo(free - (4L << 20));
        }
    }
}
