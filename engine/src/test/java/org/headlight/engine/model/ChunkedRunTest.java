package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

class ChunkedRunTest {
    private static final int TOKENS = 300;
    private static final int VOCABULARY = 1024;

    /** So little memory for scores that chunks have the shortest length, 16 tokens. */
    private static OnnxModel shortChunks() {
        return OnnxModels.open(
                Models.demo(), ModelOptions.defaults().withChunkBytes(1), Progress.NONE);
    }

    private static float[] cells(Matrix matrix) {
        float[] cells = new float[matrix.rows() * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), cells, 0);
        return cells;
    }

    private static void assertClose(Matrix a, Matrix b) {
        float[] x = cells(a);
        float[] y = cells(b);
        assertThat(x).hasSameSizeAs(y);
        for (int i = 0; i < x.length; i++) {
            assertThat(x[i]).isCloseTo(y[i], within(1e-4f));
        }
    }

    @Test
    void chunksGiveTheSameQueriesKeysAndValuesAsOnePiece() {
        List<Token> tokens = Models.tokens(TOKENS, VOCABULARY);
        try (OnnxModel inChunks = shortChunks();
                OnnxModel inOnePiece = Models.open(Models.demo());
                Capture a = inChunks.capture(tokens, Progress.NONE);
                Capture b = inOnePiece.capture(tokens, Progress.NONE)) {
            for (int s = 0; s < b.sites().size(); s++) {
                for (int h = 0; h < 6; h++) {
                    QkHead x = (QkHead) a.sites().get(s).heads().get(h);
                    QkHead y = (QkHead) b.sites().get(s).heads().get(h);
                    assertClose(x.q(), y.q());
                    assertClose(x.k(), y.k());
                    assertClose(Objects.requireNonNull(x.v()), Objects.requireNonNull(y.v()));
                    assertThat(x.scale()).isEqualTo(y.scale());
                    assertThat(x.mask()).isEqualTo(AttentionMask.causal(0));
                    assertThat(y.mask()).isEqualTo(AttentionMask.causal(0));
                }
            }
            assertThat(a.tokens()).isEqualTo(tokens);
            assertThat(a.sites().getLast().keyTokens()).isEqualTo(tokens);
        }
    }

    @Test
    void chunksGiveTheSameLogitsAsOnePieceAndAsTheModelWithoutACache() {
        float[] inChunks = logits(shortChunks());
        float[] inOnePiece = logits(Models.open(Models.demo()));
        float[] withoutCache = logits(Models.open(Models.demoWithoutCache()));

        assertThat(inChunks).hasSize(TOKENS * VOCABULARY);
        for (int i = 0; i < inChunks.length; i++) {
            assertThat(inChunks[i]).isCloseTo(inOnePiece[i], within(2e-3f));
            assertThat(inChunks[i]).isCloseTo(withoutCache[i], within(2e-3f));
        }
    }

    private static float[] logits(OnnxModel opened) {
        float[] all = new float[TOKENS * VOCABULARY];
        try (OnnxModel model = opened;
                Capture capture =
                        model.capture(
                                Models.tokens(TOKENS, VOCABULARY),
                                Set.of("logits"),
                                (row, result) -> {
                                    float[] chunk =
                                            TensorValues.floats(
                                                    "logits", RunRecorder.tensor(result, "logits"));
                                    System.arraycopy(chunk, 0, all, row * VOCABULARY, chunk.length);
                                },
                                Progress.NONE)) {
            assertThat(capture.tokens()).hasSize(TOKENS);
        }
        return all;
    }

    @Test
    void progressTellsEachChunk() {
        List<String> stages = new ArrayList<>();
        try (OnnxModel model = shortChunks();
                Capture capture =
                        model.capture(
                                Models.tokens(40, VOCABULARY),
                                listening(stages, Integer.MAX_VALUE))) {
            assertThat(capture.bytes()).isPositive();
            assertThat(stages)
                    .containsExactly(
                            "0.0 Running the model: 0 of 40 tokens",
                            "0.4 Running the model: 16 of 40 tokens",
                            "0.8 Running the model: 32 of 40 tokens",
                            "1.0 Done");
        }
    }

    /** Keeps the stages; cancelled once it has heard so many. */
    private static Progress listening(List<String> stages, int cancelAfter) {
        return new Progress() {
            @Override
            public void at(double fraction, String stage) {
                stages.add(fraction + " " + stage);
            }

            @Override
            public boolean cancelled() {
                return stages.size() >= cancelAfter;
            }
        };
    }

    @Test
    void aCancelledRunEndsWithinItsChunk() {
        List<String> stages = new ArrayList<>();
        try (OnnxModel model = shortChunks()) {
            assertThatThrownBy(() ->
                            model.capture(Models.tokens(TOKENS, VOCABULARY), listening(stages, 3)))
                    .isInstanceOf(CancelledException.class)
                    .hasMessage("Cancelled.");
            assertThat(stages).hasSize(3);
        }
    }

    @Test
    void aRunInOnePieceIsStoppedInsideTheRuntime() {
        AtomicInteger asked = new AtomicInteger();
        Progress soon =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        // The first question comes before the run, the next while it runs.
                        return asked.incrementAndGet() > 1;
                    }
                };
        try (OnnxModel model = Models.open(Models.demoWithoutCache())) {
            assertThatThrownBy(() -> model.capture(Models.tokens(3_000, VOCABULARY), soon))
                    .isInstanceOf(CancelledException.class);
            try (Capture after = model.capture(Models.tokens(9, VOCABULARY), Progress.NONE)) {
                assertThat(after.tokens()).hasSize(9);
            }
        }
    }

    @Test
    void chunksStayUnderTheirLimitAndGetShorter() {
        ChunkLength chunks = new ChunkLength(72, 10_000, 256 << 20);
        int before = Integer.MAX_VALUE;
        for (int past : new int[] {0, 1_000, 10_000, 30_000, 100_000}) {
            int rows = chunks.after(past);
            assertThat(rows).isLessThanOrEqualTo(before).isBetween(16, 1_024);
            assertThat(rows * (72.0 * (past + rows) + 10_000)).isLessThanOrEqualTo(256 << 20);
            before = rows;
        }
        // 123 x 30,123 cells and 123 rows are 268.0 million bytes of 268.4; 124 would be 270.2.
        assertThat(chunks.after(30_000)).isEqualTo(123);
        assertThat(chunks.bytes(30_000)).isLessThanOrEqualTo(256 << 20);
    }

    @Test
    void aLargeCaptureIsMappedFromAFile() {
        List<Token> tokens = Models.tokens(70, VOCABULARY);
        try (OnnxModel mapped =
                        OnnxModels.open(
                                Models.demo(),
                                ModelOptions.defaults().withMapAboveBytes(0),
                                Progress.NONE);
                OnnxModel plain = Models.open(Models.demo());
                Capture a = mapped.capture(tokens, Progress.NONE);
                Capture b = plain.capture(tokens, Progress.NONE)) {
            QkHead x = (QkHead) a.sites().get(3).heads().get(5);
            QkHead y = (QkHead) b.sites().get(3).heads().get(5);
            assertThat(Arrays.equals(cells(x.q()), cells(y.q()))).isTrue();
            assertThat(Arrays.equals(cells(x.k()), cells(y.k()))).isTrue();
            assertThat(a.bytes()).isEqualTo(4L * 70 * (6 + 3 + 3) * 32 * Float.BYTES);
        }
    }

    @Test
    void aCaptureCannotBeReadAfterItIsClosed() {
        try (OnnxModel model = Models.open(Models.demo())) {
            Capture capture = model.capture(Models.tokens(5, VOCABULARY), Progress.NONE);
            QkHead head = (QkHead) capture.sites().getFirst().heads().getFirst();
            capture.close();
            capture.close();

            assertThatThrownBy(capture::sites)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("The capture is closed.");
            assertThatThrownBy(() -> cells(head.q())).isInstanceOf(IllegalStateException.class);
        }
    }
}
