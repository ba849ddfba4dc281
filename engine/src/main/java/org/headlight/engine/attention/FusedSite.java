package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.jspecify.annotations.Nullable;

/**
 * What an operator attends with; see {@link AttentionSite} for the parts. Keys are laid out as
 * rows.
 */
record FusedSite(
        String form,
        SiteKind kind,
        String query,
        String key,
        String value,
        Scores scores,
        Context context,
        @Nullable String probabilities) {

    AttentionSite at(int layer, String node) {
        return new AttentionSite(
                layer,
                kind,
                form,
                node,
                query,
                key,
                KeyLayout.ROWS,
                value,
                scores,
                context,
                probabilities);
    }
}
