package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.attention.OrtRun;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Opens and runs a graph that a test makes: what is recomputed in double from the capture must be
 * what the runtime's own softmax gave, and the graph cut at its sites must give what it gives
 * whole.
 */
abstract class FormProof {
    static final int HEADS = TextGraph.HEADS;
    static final int WIDTH = 16;

    @TempDir Path folder;

    final TextGraph graph = TextGraph.text();
    final GraphMaker g = graph.maker();

    /** Opens the graph, and proves what is captured for some lengths of text. */
    void prove(String output, Consumer<Capture> more) {
        prove(output, 2e-6, more);
    }

    void prove(String output, double tolerance, Consumer<Capture> more) {
        Path file = graph.write(folder, output);
        cuts(file, Math.max(1e-5, 2 * tolerance));
        for (int tokens : new int[] {1, 2, 37}) {
            try (OnnxModel model = Models.open(file)) {
                assertThat(model.info().unsupported()).isEmpty();
                List<Token> text = Models.tokens(tokens, TextGraph.VOCABULARY);
                long[] ids = text.stream().mapToLong(Token::id).toArray();
                try (Capture capture = model.capture(text, Progress.NONE)) {
                    double error =
                            EagerTruth.error(
                                    ModelSkeleton.open(file),
                                    capture,
                                    Map.of("input_ids", OrtRun.longs(ids, 1, tokens)));
                    assertThat(error).isLessThan(tolerance);
                    if (tokens == 37) {
                        more.accept(capture);
                    }
                }
            }
        }
    }

    /** Cut at its sites, it gives what it gives as a whole. */
    private static void cuts(Path file, double tolerance) {
        try (Pieces pieces = Pieces.open(file);
                CutModel cut = pieces.cut(pieces.sites())) {
            assertThat(cut.difference()).isLessThan(tolerance);
        } catch (UncuttableException e) {
            throw new AssertionError(e);
        }
    }

    static QkHead head(Capture capture, int head) {
        HeadAttention attention = capture.sites().getFirst().heads().get(head);
        return (QkHead) attention;
    }

    void causal() {
        graph.positions();
    }

    String masked(String scores) {
        return graph.masked("LessOrEqual", scores, -1e9);
    }

    static TensorProto whole(long value) {
        return TensorProto.newBuilder().setDataType(GraphMaker.INT64).addInt64Data(value).build();
    }
}
