package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.ColumnScale;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A model of one layer, whose output with changed heads is computed in double. */
class HookedRunTest {
    private static final int DEPTH = 8;
    private static final int WIDTH = TextGraph.HEADS * DEPTH;

    /** The weight that a head gives a key. */
    private interface Weights {
        double of(double[] p, int row, int key);
    }

    @TempDir private Path folder;
    private Path file = Path.of("");

    @BeforeEach
    void writeTheModel() {
        TextGraph graph = TextGraph.text();
        graph.positions();
        String scores = graph.masked("LessOrEqual", graph.scores(1, "x"), -1e9);
        graph.attended(1, scores);
        GraphMaker g = graph.maker();
        // A projection that keeps apart what comes of each head: the output is its input, doubled.
        g.number("two", 2);
        g.node("Mul", "y", List.of("out1", "two"));
        file = graph.write(folder, "y");
    }

    private static double[][] probabilities(QkHead head) {
        int n = head.rows();
        float[] q = Pieces.cells(head.q());
        float[] k = Pieces.cells(head.k());
        double[][] p = new double[n][n];
        for (int r = 0; r < n; r++) {
            double sum = 0;
            for (int c = 0; c <= r; c++) {
                double dot = 0;
                for (int i = 0; i < DEPTH; i++) {
                    dot += (double) q[r * DEPTH + i] * k[c * DEPTH + i];
                }
                p[r][c] = Math.exp(dot * head.scale());
                sum += p[r][c];
            }
            for (int c = 0; c <= r; c++) {
                p[r][c] /= sum;
            }
        }
        return p;
    }

    /** Runs with head 1 changed, and compares with both heads computed in double. */
    private void check(HeadHook hook, Weights weights) {
        try (OnnxModel model = Models.open(file)) {
            for (int length : new int[] {1, 2, 63, 65}) {
                List<Token> tokens = Models.tokens(length, TextGraph.VOCABULARY);
                SeamHooks hooks = SeamHooks.NONE.with(HeadAddress.self(0, 1), hook);
                Matrix y =
                        model.run(tokens, hooks, CutOutcome.Wanted.LOGITS, Progress.NONE)
                                .logits()
                                .orElseThrow();
                float[] mine = Pieces.cells(y);
                try (Capture capture = model.capture(tokens, Progress.NONE)) {
                    for (int h = 0; h < TextGraph.HEADS; h++) {
                        QkHead head = (QkHead) capture.sites().getFirst().heads().get(h);
                        assertThat(off(mine, head, h, h == 1 ? weights : (p, r, c) -> p[c]))
                                .as("head %d of %d tokens", h, length)
                                .isLessThan(1e-4);
                    }
                }
            }
        }
    }

    private static double off(float[] mine, QkHead head, int h, Weights weights) {
        double[][] p = probabilities(head);
        float[] v = Pieces.cells(Objects.requireNonNull(head.v()));
        double largest = 0;
        for (int r = 0; r < head.rows(); r++) {
            for (int d = 0; d < DEPTH; d++) {
                double sum = 0;
                for (int c = 0; c <= r; c++) {
                    sum += weights.of(p[r], r, c) * v[c * DEPTH + d];
                }
                largest = Math.max(largest, Math.abs(2 * sum - mine[r * WIDTH + h * DEPTH + d]));
            }
        }
        return largest;
    }

    @Test
    void anUnchangedHeadGivesWhatTheModelGives() {
        check((head, next, output) -> next.attend(head, output), (p, r, c) -> p[c]);
    }

    @Test
    void aSilentHeadIsAZeroInItsColumnsOfTheProjection() {
        check(HeadHook.silent(), (p, r, c) -> 0);
    }

    @Test
    void aUniformHeadIsTheRunningMeanOfTheValues() {
        check(HeadHook.uniform(), (p, r, c) -> 1.0 / (r + 1));
    }

    @Test
    void aCalibratedSinkGivesItsShareToTheOthers() {
        check(
                new ColumnScale(Map.of(0, 0.4f), ColumnScale.Rest.OTHERS),
                (p, r, c) -> {
                    if (r == 0) {
                        return 1;
                    }
                    if (c == 0) {
                        return 0.4f * p[0];
                    }
                    return p[c] * (1 - 0.4f * p[0]) / (1 - p[0]);
                });
    }

    @Test
    void hooksOfSeveralHeadsWorkInOneRun() {
        try (OnnxModel model = Models.open(file)) {
            List<Token> tokens = Models.tokens(20, TextGraph.VOCABULARY);
            SeamHooks both =
                    SeamHooks.NONE.with(
                            List.of(HeadAddress.self(0, 0), HeadAddress.self(0, 1)),
                            HeadHook.silent());
            float[] y =
                    Pieces.cells(
                            model.run(tokens, both, CutOutcome.Wanted.LOGITS, Progress.NONE)
                                    .logits()
                                    .orElseThrow());
            assertThat(y).hasSize(20 * WIDTH).containsOnly(0);
        }
    }
}
