package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The mask of a text of one token is what the model does with more of them. */
class LoneQueryTest {
    @TempDir private Path folder;

    private static void assertMasks(Capture capture, AttentionMask expected) {
        assertThat(capture.sites())
                .isNotEmpty()
                .allSatisfy(site -> {
                    assertThat(site.kind()).isEqualTo(SiteKind.SELF);
                    assertThat(site.heads()).extracting(HeadAttention::mask).containsOnly(expected);
                });
    }

    /** In one run, in pieces, and out of a file. */
    private void assertOneToken(Path file, AttentionMask expected) {
        try (OnnxModel model = Models.open(file)) {
            int vocabulary = Math.max(8, model.info().vocabulary());
            try (Capture capture = model.capture(Models.tokens(1, vocabulary), Progress.NONE)) {
                assertMasks(capture, expected);
                Path written = folder.resolve("one.safetensors");
                CaptureFiles.write(capture, written, Progress.NONE);
                try (Capture again = CaptureFiles.read(written, Progress.NONE)) {
                    assertMasks(again, expected);
                }
            }
            CutOutcome outcome =
                    model.run(
                            Models.tokens(1, vocabulary),
                            SeamHooks.NONE,
                            CutOutcome.Wanted.CAPTURE,
                            Progress.NONE);
            try (Capture capture = outcome.capture().orElseThrow()) {
                assertMasks(capture, expected);
            }
            boolean causal = expected.causal();
            assertThat(model.info().sites()).allMatch(site -> site.causal() == causal);
        }
    }

    @Test
    void aDecoderOfOneTokenIsCausal() {
        assertOneToken(Models.demo(), AttentionMask.causal(0));
        assertOneToken(Models.demoWithoutCache(), AttentionMask.causal(0));
    }

    @Test
    void aDecoderWhoseOperatorsHideLaterKeysIsCausal() {
        assertOneToken(
                SharedFiles.shared("fixtures/genai/tiny-random-gpt2-fp32"),
                AttentionMask.causal(0));
    }

    @Test
    void anEncoderOfOneTokenIsNotCausal() throws IOException {
        assertOneToken(Models.miniLm(folder), AttentionMask.full(1));
    }

    /** The same graph, with the scores of later keys hidden and not. */
    @Test
    void theMaskAloneTellsADecoderFromAnEncoder() {
        TextGraph decoder = TextGraph.text();
        decoder.positions();
        String masked = decoder.masked("LessOrEqual", decoder.scores(1, "x"), -1e9);
        assertOneToken(decoder.write(folder, decoder.attended(1, masked)), AttentionMask.causal(0));
        TextGraph encoder = TextGraph.text();
        assertOneToken(
                encoder.write(folder, encoder.attended(1, encoder.scores(1, "x"))),
                AttentionMask.full(1));
    }

    @Test
    void aQueryAfterAPastSitsAtTheLastKey() {
        try (OnnxModel model = Models.open(Models.demo())) {
            Map<String, InputTensor> inputs = new HashMap<>();
            long[] ones = new long[5];
            Arrays.fill(ones, 1);
            inputs.put("input_ids", InputTensor.longs(new long[] {9}, 1, 1));
            inputs.put("attention_mask", InputTensor.longs(ones, 1, 5));
            for (int layer = 0; layer < 4; layer++) {
                for (String part : List.of("key", "value")) {
                    inputs.put(
                            "past_key_values." + layer + "." + part,
                            InputTensor.floats(new float[3 * 4 * 32], 1, 3, 4, 32));
                }
            }
            try (Capture capture = model.capture(inputs, Progress.NONE)) {
                assertMasks(capture, AttentionMask.causal(4));
            }
        }
    }
}
