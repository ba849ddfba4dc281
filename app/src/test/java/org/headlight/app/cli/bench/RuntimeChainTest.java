package org.headlight.app.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** What the benchmark on a GPU makes: here of floats, on the processor. */
class RuntimeChainTest {

    @Test
    void aLongerChainTakesLonger() throws OrtException {
        RuntimeChain chain = new RuntimeChain(new RuntimeChain.Shape(256, 4, 2, 64, false));
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            assertThat(chain.millis(options, 12, 5)).isPositive();
        }
    }

    @Test
    void verticalSlashKeepsTheFirstKeysAndTheNearest() {
        int tokens = 2000;
        Spans spans = CudaRun.verticalSlash(tokens);
        Selection.Shape shape = new Selection.Shape(1, 1, tokens, tokens);
        for (int row = 0; row < tokens; row += 97) {
            boolean[] kept = new boolean[tokens];
            spans.runs(shape, 0, row, (from, to) -> Arrays.fill(kept, from, to, true));
            for (int key = 0; key <= row; key++) {
                if (key < 30 || key > row - 100) {
                    assertThat(kept[key]).as("row %d, key %d", row, key).isTrue();
                }
            }
        }
    }
}
