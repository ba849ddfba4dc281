package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.DeviceSetup;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A model on a CUDA device; where there is none, on the processor instead. */
class DeviceOpeningTest {
    private static final Device.Cuda CUDA = new Device.Cuda(0);

    private static OnnxModel open(Device device) {
        return OnnxModels.open(
                Models.demo(), ModelOptions.defaults().withDevice(device), Progress.NONE);
    }

    private static DeviceChoice found() {
        return DeviceSetup.ofProcess(Optional.empty()).choose(CUDA);
    }

    @Test
    void withoutCudaAModelOpensOnTheProcessorAndTellsWhy() {
        Assumptions.assumeTrue(found().fellBack(), "this machine has a CUDA device");
        try (OnnxModel model = open(CUDA);
                OnnxModel plain = open(Device.CPU)) {
            assertThat(model.device())
                    .isEqualTo(
                            new DeviceChoice(
                                    CUDA,
                                    Device.CPU,
                                    "CUDA 0 is not used: model.onnx cannot be run: Failed to find"
                                            + " CUDA shared provider."));
            assertThat(plain.device()).isEqualTo(DeviceChoice.cpu());
            assertThat(model.info()).isEqualTo(plain.info());
            assertSame(model, plain, 0);
        }
    }

    @Test
    void onCudaAModelSeesAndSaysWhatItDoesOnTheProcessor() {
        DeviceChoice choice = found();
        boolean needed = System.getenv("HEADLIGHT_NEEDS_GPU") != null;
        Assumptions.assumeTrue(needed || !choice.fellBack(), "no GPU here: " + choice.reason());
        assertThat(choice.reason()).isEmpty();
        try (OnnxModel model = open(CUDA);
                OnnxModel plain = open(Device.CPU)) {
            assertThat(model.device()).isEqualTo(DeviceChoice.of(CUDA));
            assertThat(model.info().provider()).startsWith("CUDA 0");
            assertSame(model, plain, 1e-4);
        }
    }

    private static void assertSame(OnnxModel model, OnnxModel plain, double tolerance) {
        List<Token> tokens = Models.tokens(65, plain.info().vocabulary());
        try (Capture one = model.capture(tokens, Progress.NONE);
                Capture other = plain.capture(tokens, Progress.NONE)) {
            assertThat(one.sites()).hasSameSizeAs(other.sites());
            for (int s = 0; s < one.sites().size(); s++) {
                for (int h = 0; h < one.sites().get(s).heads().size(); h++) {
                    QkHead mine = (QkHead) one.sites().get(s).heads().get(h);
                    QkHead truth = (QkHead) other.sites().get(s).heads().get(h);
                    assertClose(mine.q(), truth.q(), tolerance);
                    assertClose(mine.k(), truth.k(), tolerance);
                    assertClose(
                            Objects.requireNonNull(mine.v()),
                            Objects.requireNonNull(truth.v()),
                            tolerance);
                }
            }
        }
        assertClose(logits(model, tokens), logits(plain, tokens), 10 * tolerance);
    }

    private static Matrix logits(OnnxModel model, List<Token> tokens) {
        return model.run(tokens, SeamHooks.NONE, CutOutcome.Wanted.LOGITS, Progress.NONE)
                .logits()
                .orElseThrow();
    }

    private static void assertClose(Matrix mine, Matrix truth, double tolerance) {
        float[] a = Pieces.cells(mine);
        float[] b = Pieces.cells(truth);
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
        }
        assertThat(largest).isLessThanOrEqualTo(tolerance);
    }
}
