package org.headlight.app.workbench;

import org.headlight.app.atlas.AtlasReading;
import org.headlight.app.influence.InfluenceReading;
import org.headlight.app.reading.ExploreReading;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.retrieval.RetrievalReading;
import org.headlight.app.rhythm.RhythmReading;
import org.headlight.app.sinks.SinksReading;
import org.headlight.app.sparse.SparseReading;
import org.headlight.app.xattention.XAttentionReading;

import java.util.List;

/** The readings of the rail, in order: the one place where they are made. */
final class ReadingList {
    private final ReadingContext context;

    ReadingList(ReadingContext context) {
        this.context = context;
    }

    /** Makes all of them. */
    List<Reading> make() {
        return List.of(
                new ExploreReading(),
                new SinksReading(context),
                new RetrievalReading(context),
                new InfluenceReading(context),
                new XAttentionReading(context),
                new RhythmReading(context),
                new AtlasReading(context),
                new SparseReading(context));
    }
}
