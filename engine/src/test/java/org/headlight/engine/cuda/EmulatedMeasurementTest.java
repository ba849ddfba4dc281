package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attend.Selection;
import org.headlight.engine.attend.Spans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** What is measured computes what it says, on the emulator. */
class EmulatedMeasurementTest {
    @Test
    void everyContestantRunsAndFullSelectionsEqualDense(@TempDir Path folder) throws IOException {
        EmulatedDriver driver = new EmulatedDriver(80, 166_912);
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        try (DeviceAttention attention = new DeviceAttention(driver, compiler)) {
            int tokens = 300;
            attention.make(2, 1, tokens, 64);
            attention.attend(Selection.dense());
            float[] dense = attention.output();
            attention.score(8, 128);
            AntidiagonalBlocks.Chosen all = attention.choose(8, 128, 1);
            assertThat(all.kept()).isEqualTo(2 * 6);
            attention.attend(new Selection.Sharing(128, Selection.Sharing.ALL, 0), all.lists());
            assertThat(attention.output()).containsExactly(dense, within(2e-3f));
            attention.attend(Selection.band(100, 250));
            assertThat(attention.output()).isNotEqualTo(dense);
            attention.attend(Selection.band(100, 300));
            assertThat(attention.output()).containsExactly(dense, within(2e-3f));
            Spans.Builder spans = new Spans.Builder(1, tokens, 64);
            for (int group = 0; group < 5; group++) {
                spans.add(0, tokens).next();
            }
            Spans whole = spans.build();
            attention.attend(whole.sharing(), attention.lists(whole));
            assertThat(attention.output()).containsExactly(dense, within(2e-3f));
            assertThat(attention.millis(attention::copy, 2)).hasSize(2);
        }
        assertThat(driver.blocks()).isZero();
    }

    @Test
    void blocksOfALongerTextAreChosenAfterThoseOfAShorterOne(@TempDir Path folder)
            throws IOException {
        EmulatedDriver driver = new EmulatedDriver(80, 166_912);
        try (DeviceAttention attention =
                new DeviceAttention(driver, new EmulatedCompiler(folder))) {
            for (int tokens : new int[] {100, 600}) {
                attention.make(1, 1, tokens, 64);
                attention.score(8, 128);
                int blocks = Math.ceilDiv(tokens, 128);
                assertThat(attention.choose(8, 128, 1).kept())
                        .isEqualTo((long) blocks * (blocks + 1) / 2);
            }
        }
    }
}
