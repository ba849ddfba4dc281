package org.headlight.analysis.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.capture.AttentionMask;
import org.junit.jupiter.api.Test;

/** What a site does to scores beside scaling and the causal mask. */
class TraitTest {
    private static final AttentionInput PLAIN = SparseCase.random(2, 1, 70, 8, 3).whole();

    @Test
    void aPlainCausalSiteHasNone() {
        assertThat(Trait.of(PLAIN)).isEmpty();
        assertThat(Trait.of(PLAIN.part(0, 1, 1))).isEmpty();
    }

    @Test
    void aCapAWindowAndABiasAreSeen() {
        assertThat(Trait.of(PLAIN.withSoftCap(30))).containsExactly(Trait.SOFT_CAP);
        assertThat(Trait.of(PLAIN.withMask(AttentionMask.window(0, 20))))
                .containsExactly(Trait.WINDOW);
        assertThat(Trait.of(PLAIN.withMask(new Slope()).withSoftCap(30)))
                .containsExactly(Trait.SOFT_CAP, Trait.BIAS);
    }

    /** Something is added by distance, as ALiBi does. */
    private record Slope() implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return row + 1;
        }

        @Override
        public boolean unbiased() {
            return false;
        }

        @Override
        public float bias(int row, int col) {
            return col <= row ? -0.1f * (row - col) : MASKED;
        }

        @Override
        public boolean causal() {
            return true;
        }
    }
}
