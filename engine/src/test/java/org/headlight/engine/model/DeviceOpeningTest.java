package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.DeviceSetup;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A model on a CUDA device; where there is none, on the processor instead. */
class DeviceOpeningTest {
    private static final Device.Cuda CUDA = new Device.Cuda(0);

    /** Of what a model in halves gives: weights and values are rounded by 5e-4. */
    private static final double HALVES = 1e-2;

    @TempDir private Path folder;

    private static OnnxModel open(Device device) {
        return open(Models.demo(), device);
    }

    private static OnnxModel open(Path source, Device device) {
        return OnnxModels.open(source, ModelOptions.defaults().withDevice(device), Progress.NONE);
    }

    /** A model of one site whose queries, keys and values are halves. */
    private Path halves() {
        TextGraph graph = TextGraph.text();
        GraphMaker g = graph.maker();
        graph.positions();
        graph.heads(1, "x");
        for (String part : List.of("q", "k", "v")) {
            g.node("Cast", part + "_half", List.of(part + "1"), "to", GraphMaker.FLOAT16);
        }
        g.transpose("kt", "k_half", 0, 1, 3, 2);
        g.matMul("raw", "q_half", "kt");
        g.node("Cast", "wide", List.of("raw"), "to", GraphMaker.FLOAT);
        g.node("Mul", "scaled", List.of("wide", "c"));
        String masked = graph.masked("LessOrEqual", "scaled", -1e9);
        g.node("Softmax", "p", List.of(masked), "axis", -1);
        g.node("Cast", "p_half", List.of("p"), "to", GraphMaker.FLOAT16);
        g.matMul("seen_half", "p_half", "v_half");
        g.transpose("joined_half", "seen_half", 0, 2, 1, 3);
        g.node("Cast", "joined1", List.of("joined_half"), "to", GraphMaker.FLOAT);
        return graph.write(folder, g.reshape("out1", "joined1", 0, -1, TextGraph.HEADS * 8));
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

    @Test
    void aModelInHalvesRunsWholeAndInPiecesOnTheProcessor() {
        try (OnnxModel model = open(halves(), Device.CPU)) {
            assertThat(model.check(16).path()).isEqualTo("cut");
            assertThat(model.check(16).maxAbsLogitDiff()).isLessThan(HALVES);
            assertThat(model.attention()).isEqualTo(AttentionPlace.cpu());
            assertSame(model, model, 0);
        }
    }

    /** Whole: its queries, keys and values; in pieces: what it gives, by our kernels in halves. */
    @Test
    void onCudaAModelInHalvesSeesAndSaysWhatItDoesOnTheProcessor() {
        DeviceChoice choice = found();
        boolean needed = System.getenv("HEADLIGHT_NEEDS_GPU") != null;
        Assumptions.assumeTrue(needed || !choice.fellBack(), "no GPU here: " + choice.reason());
        assertThat(choice.reason()).isEmpty();
        Path source = halves();
        try (OnnxModel model = open(source, CUDA);
                OnnxModel plain = open(source, Device.CPU)) {
            assertThat(model.device()).isEqualTo(DeviceChoice.of(CUDA));
            assertSame(model, plain, HALVES / 10);
            assertThat(model.attention().reason()).isEmpty();
            assertThat(model.attention().device()).isEqualTo(CUDA);
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
