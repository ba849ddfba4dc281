package org.headlight.app.rhythm;

import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmHead;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** A set of heads that the rhythm is told by. */
enum HeadSet {
    /** The heads that look nearest. */
    LOCAL("Local"),
    /** The heads that look farthest. */
    GLOBAL("Global"),
    /** The heads whose later sentences look unevenly at earlier ones. */
    RECEIVERS("Receivers");

    private final String word;

    HeadSet(String word) {
        this.word = word;
    }

    /** Its heads. */
    List<RhythmHead> of(Rhythm rhythm) {
        return switch (this) {
            case LOCAL -> rhythm.local();
            case GLOBAL -> rhythm.global();
            case RECEIVERS -> rhythm.receivers();
        };
    }

    /** For people, with the number of its heads where that is known. */
    String title(@Nullable Rhythm rhythm) {
        return rhythm == null ? word : word + " " + of(rhythm).size();
    }
}
