package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Settings;

/** The sizes of square blocks that kernels work on. */
final class BlockSizes {
    private static final String NAME = "block";
    private static final String MEANING = "How many queries and keys make a block (B)";

    private BlockSizes() {}

    /** Blocks of 64 as a rule, as some papers have it. */
    static Parameter small() {
        return Parameter.choice(NAME, MEANING, "64", "128", "256", "512");
    }

    /** Blocks of 128 as a rule. */
    static Parameter usual() {
        return Parameter.choice(NAME, MEANING, "128", "64", "256", "512");
    }

    /** Blocks of 256 as a rule. */
    static Parameter large() {
        return Parameter.choice(NAME, MEANING, "256", "64", "128", "512");
    }

    /** The size that was chosen. */
    static int of(Settings settings) {
        return Integer.parseInt(settings.choice(NAME));
    }
}
