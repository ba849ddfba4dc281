package org.headlight.engine.cut;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.AttentionSite.Blocks;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.attention.AttentionSite.SinkTerm;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.Set;

/** The tensors that the attention of a site is computed from. */
public final class SiteTensors {
    private SiteTensors() {}

    /** Queries, keys, values, and what a run alone knows of scales, masks and sinks. */
    public static Set<String> of(AttentionSite site) {
        Set<String> names = new LinkedHashSet<>();
        names.add(site.query());
        names.add(site.key());
        names.add(site.value());
        Scores scores = site.scores();
        for (ScaleFactor factor : scores.scale()) {
            add(names, factor.tensor());
        }
        for (MaskTerm term : scores.mask()) {
            names.add(term.tensor());
        }
        add(names, scores.visible().length());
        add(names, scores.visible().start().past());
        Blocks blocks = scores.visible().blocks();
        add(names, blocks == null ? null : blocks.rows());
        add(names, blocks == null ? null : blocks.columns());
        SinkTerm sink = scores.sink();
        add(names, sink == null ? null : sink.tensor());
        return names;
    }

    private static void add(Set<String> names, @Nullable String tensor) {
        if (tensor != null) {
            names.add(tensor);
        }
    }
}
