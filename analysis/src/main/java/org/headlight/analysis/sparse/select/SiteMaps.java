package org.headlight.analysis.sparse.select;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadRows;
import org.headlight.engine.capture.QkHead;

/** Heads of a running site as maps that sweeps walk over. */
public final class SiteMaps {
    private SiteMaps() {}

    /** The map of a query head, over the same numbers. */
    public static QkHead map(AttentionInput input, int head) {
        int keyHead = input.keyHead(head);
        return new QkHead(
                new HeadRows(input.q(), head),
                new HeadRows(input.k(), keyHead),
                new HeadRows(input.v(), keyHead),
                input.scale(),
                input.mask(head),
                input.softCap(),
                input.sink(head));
    }
}
