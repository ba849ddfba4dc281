package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What is recomputed from a capture is what the model itself computed. */
class CaptureTruthTest {
    private static final int[] LENGTHS = {1, 2, 63, 64, 65};
    private static final double CLOSE = 1e-5;

    private static int[] ids(List<Token> tokens) {
        return tokens.stream().mapToInt(Token::id).toArray();
    }

    private static void assertTrue(Path file, int vocabulary, int sites) {
        try (OnnxModel model = Models.open(file);
                OwnProbabilities own = new OwnProbabilities(file, false)) {
            assertThat(own.sites()).isEqualTo(sites);
            for (int length : LENGTHS) {
                List<Token> tokens = Models.tokens(length, vocabulary);
                try (Capture capture = model.capture(tokens, Progress.NONE)) {
                    assertThat(own.difference(capture, ids(tokens), Map.of()))
                            .as("%d tokens through %s", length, file)
                            .isLessThan(CLOSE);
                }
            }
        }
    }

    @Test
    void ofTheDecoderWithACache() {
        assertTrue(Models.demo(), 1024, 4);
    }

    @Test
    void ofTheDecoderWithoutACache() {
        assertTrue(Models.demoWithoutCache(), 1024, 4);
    }

    @Test
    void ofAnEncoderOfText(@TempDir Path folder) throws IOException {
        assertTrue(Models.miniLm(folder).resolve("model.onnx"), 30_522, 6);
    }

    @Test
    void ofAnEncoderOfSpeechAndItsDecoder() throws IOException {
        Path encoder = Models.moonshine("encoder_model.onnx");
        Path decoder = Models.moonshine("decoder_model_merged.onnx");
        Map<String, InputTensor> speech = Map.of("input_values", Models.speech(32_000));
        InputTensor states;
        try (OnnxModel model = Models.open(encoder);
                OwnProbabilities own = new OwnProbabilities(encoder, false);
                Capture capture = model.capture(speech, Progress.NONE)) {
            assertThat(own.difference(capture, new int[0], speech)).isLessThan(CLOSE);
            assertThat(capture.sites().getFirst().heads().getFirst().mask())
                    .isEqualTo(AttentionMask.full(capture.tokens().size()));
            assertThat(capture.tokens().get(12)).isEqualTo(new Token(12, -1, "#12", false));
            states = EncoderStates.of(encoder, speech);
        }
        assertDecoder(decoder, states);
    }

    private static void assertDecoder(Path decoder, InputTensor states) {
        try (OnnxModel model = Models.open(decoder);
                OwnProbabilities own = new OwnProbabilities(decoder, true)) {
            for (int length : LENGTHS) {
                int[] ids = ids(Models.tokens(length, 32_768));
                long[] longs = Arrays.stream(ids).asLongStream().toArray();
                Map<String, InputTensor> inputs =
                        Map.of(
                                "input_ids",
                                InputTensor.longs(longs, 1, length),
                                "encoder_hidden_states",
                                states);
                try (Capture capture = model.capture(inputs, Progress.NONE)) {
                    assertThat(own.difference(capture, ids, inputs))
                            .as("%d tokens", length)
                            .isLessThan(CLOSE);
                    assertThat(capture.sites().stream().map(SiteCapture::kind))
                            .startsWith(SiteKind.SELF, SiteKind.CROSS, SiteKind.SELF);
                    SiteCapture cross = capture.sites().get(1);
                    assertThat(cross.keyTokens()).hasSize((int) states.shape()[1]);
                    assertThat(cross.queryTokens()).hasSize(length);
                    assertThat(capture.tokens().getFirst().id()).isEqualTo(ids[0]);
                }
            }
        }
    }

    @Test
    void withTheMasksThatTheModelsReallyUse(@TempDir Path folder) throws IOException {
        try (OnnxModel decoder = Models.open(Models.demo());
                OnnxModel encoder = Models.open(Models.miniLm(folder));
                Capture causal = decoder.capture(Models.tokens(65, 1024), Progress.NONE);
                Capture full = encoder.capture(Models.tokens(65, 30_522), Progress.NONE)) {
            assertThat(causal.sites())
                    .allSatisfy(site ->
                            assertThat(site.heads())
                                    .hasSize(6)
                                    .allMatch(h -> h.mask().equals(AttentionMask.causal(0))));
            assertThat(causal.sites().getFirst().kvHeads()).isEqualTo(3);
            assertThat(((QkHead) causal.sites().getFirst().heads().get(1)).k())
                    .isSameAs(((QkHead) causal.sites().getFirst().heads().get(0)).k());
            assertThat(full.sites())
                    .allSatisfy(site ->
                            assertThat(site.heads())
                                    .hasSize(12)
                                    .allMatch(h -> h.mask().equals(AttentionMask.full(65))));
        }
    }
}
