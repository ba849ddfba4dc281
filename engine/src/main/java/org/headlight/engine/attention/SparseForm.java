package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.Blocks;
import org.headlight.engine.attention.AttentionSite.Context;
import org.headlight.engine.attention.AttentionSite.Scores;
import org.headlight.engine.attention.AttentionSite.Start;
import org.headlight.engine.attention.AttentionSite.VisibleRule;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads SparseAttention of com.microsoft: causal attention to the blocks that a layout names. Its
 * past and present are one buffer, which holds the keys after rotary embedding.
 */
final class SparseForm implements FusedForm {
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "do_rotary",
                    "kv_num_heads",
                    "num_heads",
                    "rotary_interleaved",
                    "scale",
                    "sparse_block_size");

    private static final int PAST_KEY = 3;
    private static final int BLOCK_ROWS = 5;
    private static final int BLOCK_COLUMNS = 6;
    private static final int LENGTH = 7;
    private static final int COS = 9;

    @Override
    public boolean reads(NodeProto node) {
        return node.getDomain().equals(FusedOperators.MICROSOFT)
                && node.getOpType().equals("SparseAttention");
    }

    @Override
    public FusedSite read(FusedNode node, SideBranch branch) throws UnknownFormException {
        node.allowOnly(ATTRIBUTES);
        String key = node.output(1);
        String value = node.output(2);
        String past = node.needed(PAST_KEY);
        if (key == null || value == null || !node.isGraphInput(past)) {
            throw new UnknownFormException(
                    "Its past and present must be one buffer, so they were expected among the"
                            + " inputs and outputs of the graph.");
        }
        long heads = node.count("num_heads");
        long kvHeads = node.count("kv_num_heads");
        String q = node.needed(0);
        String keys = node.input(1);
        String query =
                keys == null
                        ? branch.slice(
                                branch.transposed(branch.reshape(q, 0, 0, heads + 2 * kvHeads, -1)),
                                1,
                                0,
                                heads)
                        : branch.split(q, heads);
        String length = node.needed(LENGTH);
        if (node.flag("do_rotary")) {
            String total = branch.toIntegers(branch.reshape(length, 1));
            String first = branch.node("Sub", List.of(total, branch.size(query, 2)));
            query = branch.rotated(node, query, heads, first, COS);
        }
        OptionalLong width = node.types().size(past, 3);
        Blocks blocks =
                new Blocks(
                        node.needed(BLOCK_ROWS),
                        node.needed(BLOCK_COLUMNS),
                        Math.toIntExact(node.count("sparse_block_size")));
        return new FusedSite(
                "SparseAttention",
                keys == null ? SiteKind.SELF : node.kind(q, keys),
                query,
                key,
                value,
                new Scores(
                        node.scale(query, width, branch),
                        0,
                        List.of(),
                        new VisibleRule(true, 0, length, 0, Start.LAST_AT_END, blocks),
                        null),
                new Context(node.result(), Context.Layout.FLAT),
                null);
    }
}
