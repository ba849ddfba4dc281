package org.headlight.app.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.analysis.sparse.position.RotaryFinder;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.assets.Assets;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.DeviceSetup;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Sparse runs on a CUDA device against the same on the processor. */
class PoliciesOnDeviceTest {
    private static final Device.Cuda CUDA = new Device.Cuda(0);
    private static final int TOKENS = 700;
    private static final int PROMPT = 650;

    /**
     * Of the logits: floats on both sides, but a block whose score lies at the threshold may fall
     * on either side of it.
     */
    private static final double TOLERANCE = 1e-2;

    /** Of the logits in halves. */
    private static final double HALVES = 5e-2;

    private static void needsCuda() {
        DeviceChoice choice = DeviceSetup.ofProcess(Optional.empty()).choose(CUDA);
        boolean needed = System.getenv("HEADLIGHT_NEEDS_GPU") != null;
        Assumptions.assumeTrue(needed || !choice.fellBack(), "no GPU here: " + choice.reason());
        assertThat(choice.reason()).isEmpty();
    }

    @Test
    void everyPolicyGivesOnCudaWhatItGivesOnTheProcessor() {
        needsCuda();
        Path demo = new Assets().demoModelFolder();
        try (Model device = open(demo, CUDA);
                Model processor = open(demo, Device.CPU)) {
            assertThat(device.device().fellBack()).isFalse();
            for (Policy policy : PolicyCatalog.standard().all()) {
                assertSame(policy, device, processor);
            }
        }
    }

    @Test
    void aWiderModelDoesToo(@TempDir Path folder) throws IOException {
        needsCuda();
        Path llama = RandomLlama.write(folder);
        try (Model device = open(llama, CUDA);
                Model processor = open(llama, Device.CPU)) {
            assertThat(device.device().fellBack()).isFalse();
            for (String name : List.of("xattention", "vertical-slash", "a-shape")) {
                assertSame(PolicyCatalog.standard().find(name), device, processor);
            }
        }
    }

    @Test
    void aModelInHalvesDoesTooAsHalvesDo(@TempDir Path folder) throws IOException {
        needsCuda();
        Path llama = RandomLlama.write(folder, 2, true);
        try (Model device = open(llama, CUDA);
                Model processor = open(llama, Device.CPU)) {
            assertThat(device.device().fellBack()).isFalse();
            for (String name : List.of("xattention", "vertical-slash", "a-shape", "streaming")) {
                assertSame(PolicyCatalog.standard().find(name), device, processor, HALVES);
            }
            assertThat(device.attention().numbers()).isEqualTo("halves");
        }
    }

    private static Model open(Path source, Device device) {
        return OnnxModels.open(source, ModelOptions.defaults().withDevice(device), Progress.NONE);
    }

    private static void assertSame(Policy policy, Model device, Model processor) {
        assertSame(policy, device, processor, TOLERANCE);
    }

    private static void assertSame(Policy policy, Model device, Model processor, double tolerance) {
        Matrix mine = logits(policy, device);
        Matrix truth = logits(policy, processor);
        double difference = 0;
        double size = 0;
        float[] a = new float[mine.cols()];
        float[] b = new float[truth.cols()];
        for (int row = 0; row < truth.rows(); row++) {
            mine.copyRows(row, row + 1, a, 0);
            truth.copyRows(row, row + 1, b, 0);
            for (int i = 0; i < b.length; i++) {
                difference += Math.pow((double) a[i] - b[i], 2);
                size += (double) b[i] * b[i];
            }
        }
        assertThat(Math.sqrt(difference / size))
                .as(policy.info().name())
                .isLessThanOrEqualTo(tolerance);
    }

    private static Matrix logits(Policy policy, Model model) {
        SparseStudy study =
                new SparseStudy(
                        model,
                        SweepOptions.standard(),
                        () -> RotaryFinder.find(model, Progress.NONE));
        return study.logits(
                text(model),
                PROMPT,
                Assignment.everywhere(PolicyChoice.preset(policy, TOKENS)),
                Progress.NONE);
    }

    /** Words of a few topics that come again. */
    private static List<Token> text(Model model) {
        SplittableRandom random = new SplittableRandom(7);
        int words = Math.min(model.info().vocabulary(), 512);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            int id = i % 97 < 40 ? 4 + i % 97 : 4 + random.nextInt(words - 4);
            tokens.add(new Token(i, id, "", false));
        }
        return tokens;
    }
}
