package org.headlight.engine.capture;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.token.Token;

import java.util.List;

/**
 * What one attention site of the model did in one run.
 *
 * @param layer zero-based layer
 * @param kind self or cross
 * @param node the softmax (or attention) node in the graph; for a dump, the tensor's name
 * @param heads the query heads, in order
 * @param kvHeads number of KV heads; query head h uses KV head h / (heads / kvHeads)
 * @param headDim width of a query, D; 0 when only probabilities are known
 * @param queryTokens tokens of the rows
 * @param keyTokens tokens of the columns (the same list for self-attention)
 */
public record SiteCapture(
        int layer,
        SiteKind kind,
        String node,
        List<HeadAttention> heads,
        int kvHeads,
        int headDim,
        List<Token> queryTokens,
        List<Token> keyTokens) {

    /** The same site with other heads. */
    public SiteCapture withHeads(List<HeadAttention> others) {
        return new SiteCapture(layer, kind, node, others, kvHeads, headDim, queryTokens, keyTokens);
    }

    /** {@code L3H5}; {@code L3X5} for a head of cross-attention. */
    public String headName(int head) {
        return "L" + layer + (kind == SiteKind.CROSS ? "X" : "H") + head;
    }
}
