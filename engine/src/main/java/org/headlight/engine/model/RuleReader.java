package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.capture.AttentionMask;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads, chunk by chunk, which keys the own rule of an operator lets each query see. */
final class RuleReader {
    /**
     * The rule in one chunk.
     *
     * @param rows queries
     * @param keys keys that the chunk's product covers
     * @param first the first key that exists
     * @param end one after the last key that exists
     * @param position where the first query sits
     */
    record Chunk(int rows, int keys, int first, int end, int position) {}

    /** What makes two rules the same. */
    record Key(
            boolean causal, int window, List<Chunk> chunks, AttentionSite.@Nullable Blocks blocks) {
        Key {
            chunks = List.copyOf(chunks);
        }
    }

    private final AttentionSite site;
    private final VisibleRule rule;
    private final List<Chunk> chunks = new ArrayList<>();
    private @Nullable BlockLayouts layouts;

    RuleReader(AttentionSite site) {
        this.site = site;
        this.rule = site.scores().visible();
    }

    /** The tensors that a rule reads. */
    static Set<String> tensors(VisibleRule rule) {
        Set<String> names = new LinkedHashSet<>();
        String length = rule.length();
        if (length != null) {
            names.add(length);
        }
        String past = rule.start().past();
        if (past != null) {
            names.add(past);
        }
        AttentionSite.Blocks blocks = rule.blocks();
        if (blocks != null) {
            names.add(blocks.rows());
            names.add(blocks.columns());
        }
        return names;
    }

    /**
     * Takes the next chunk.
     *
     * @param rows its queries
     * @param keys keys that its product covers
     * @throws SiteFailure when the tensors of the rule hold something else
     */
    void accept(ScaleReader.Tensors tensors, int rows, int keys) {
        int first = 0;
        int end = keys;
        String length = rule.length();
        if (length != null) {
            float[] values = TensorValues.floats(length, tensors.get(length));
            if (values.length != 1 && values.length != 2) {
                throw new SiteFailure(
                        site.node(),
                        "its lengths "
                                + length
                                + " are "
                                + values.length
                                + " numbers; expected one for one input, or two with the first key"
                                + " that counts");
            }
            end = Math.clamp((long) values[0] + rule.lengthPlus(), 0, keys);
            first = values.length == 1 ? 0 : Math.clamp((long) values[1], 0, end);
        }
        chunks.add(new Chunk(rows, keys, first, end, position(tensors, rows, end)));
        AttentionSite.Blocks blocks = rule.blocks();
        if (blocks != null) {
            layouts = BlockLayouts.read(site.node(), blocks, tensors);
        }
    }

    /** The mask of each head where blocks are hidden; empty where none are. */
    List<AttentionMask> blockMasks(int heads) {
        if (layouts == null) {
            return List.of();
        }
        if (chunks.size() != 1) {
            throw new SiteFailure(
                    site.node(),
                    "it hides blocks of keys, which is read of runs in one piece only");
        }
        Chunk chunk = chunks.getFirst();
        return layouts.masks(heads, chunk.position, chunk.rows, chunk.end);
    }

    private int position(ScaleReader.Tensors tensors, int rows, int end) {
        if (rule.start().atEnd()) {
            return end - rows;
        }
        String past = rule.start().past();
        return past == null ? 0 : (int) TensorValues.floats(past, tensors.get(past))[0];
    }

    Key key() {
        return new Key(rule.causal(), rule.window(), chunks, rule.blocks());
    }

    /** For each row, the first key that it sees. */
    int[] firstKeys() {
        int[] first = new int[rows()];
        int at = 0;
        for (Chunk chunk : chunks) {
            for (int r = 0; r < chunk.rows; r++) {
                int ofWindow = rule.window() > 0 ? chunk.position + r + 1 - rule.window() : 0;
                first[at++] = Math.max(chunk.first, ofWindow);
            }
        }
        return first;
    }

    /** For each row, one after the last key that it sees. */
    int[] endKeys() {
        int[] end = new int[rows()];
        int at = 0;
        for (Chunk chunk : chunks) {
            for (int r = 0; r < chunk.rows; r++) {
                int own = Math.max(0, chunk.position + r + 1);
                end[at++] = rule.causal() ? Math.min(chunk.end, own) : chunk.end;
            }
        }
        return end;
    }

    private int rows() {
        return chunks.stream().mapToInt(Chunk::rows).sum();
    }
}
