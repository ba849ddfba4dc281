package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What attention is computed of. Query head h uses key head h / (H / KV). A score is the product of
 * query and key, times the scale, then soft-capped, then the mask's bias is added; a sink logit
 * counts in the denominator like one more key whose value is 0. Immutable but for the arrays, which
 * their owner may fill anew between two calls.
 */
public final class AttentionInput {
    private final HeadArray q;
    private final HeadArray k;
    private final HeadArray v;
    private final float scale;
    private final List<AttentionMask> masks;
    private final float softCap;
    private final float[] sinks;

    private AttentionInput(
            HeadArray q,
            HeadArray k,
            HeadArray v,
            float scale,
            List<AttentionMask> masks,
            float softCap,
            float[] sinks) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.scale = scale;
        this.masks = masks;
        this.softCap = softCap;
        this.sinks = sinks;
    }

    /**
     * Attention without soft cap and without sinks, the same mask for every head.
     *
     * @param q queries [H, N, D]
     * @param k keys [KV, M, D]; KV divides H
     * @param v values [KV, M, Dv]
     * @param scale what scores are multiplied by, often 1 / sqrt(D)
     * @param mask what each query may see, N by M
     */
    public static AttentionInput of(
            HeadArray q, HeadArray k, HeadArray v, float scale, AttentionMask mask) {
        if (q.width() != k.width() || k.heads() != v.heads() || k.rows() != v.rows()) {
            throw new IllegalArgumentException(
                    "Queries "
                            + q.shape()
                            + ", keys "
                            + k.shape()
                            + " and values "
                            + v.shape()
                            + " do not fit");
        }
        if (q.heads() % k.heads() != 0) {
            throw new IllegalArgumentException(
                    q.heads() + " query heads cannot share " + k.heads() + " key heads");
        }
        float[] none = new float[q.heads()];
        Arrays.fill(none, Float.NEGATIVE_INFINITY);
        return new AttentionInput(q, k, v, scale, List.of(mask), 0, none);
    }

    /** The same with a mask for each query head. */
    public AttentionInput withMasks(List<AttentionMask> perHead) {
        if (perHead.size() != q.heads()) {
            throw new IllegalArgumentException(
                    perHead.size() + " masks for " + q.heads() + " heads");
        }
        return new AttentionInput(q, k, v, scale, List.copyOf(perHead), softCap, sinks);
    }

    /** The same with scores s replaced by cap x tanh(s / cap); 0 for none. */
    public AttentionInput withSoftCap(float cap) {
        return new AttentionInput(q, k, v, scale, masks, cap, sinks);
    }

    /** The same with a sink logit for each query head; negative infinity for none. */
    public AttentionInput withSinks(float... logits) {
        if (logits.length != q.heads()) {
            throw new IllegalArgumentException(
                    logits.length + " sink logits for " + q.heads() + " heads");
        }
        return new AttentionInput(q, k, v, scale, masks, softCap, logits.clone());
    }

    /** One query head of this alone, with its key head, over the same arrays. */
    public AttentionInput head(int head) {
        return new AttentionInput(
                q.head(head),
                k.head(keyHead(head)),
                v.head(keyHead(head)),
                scale,
                List.of(mask(head)),
                softCap,
                new float[] {sinks[head]});
    }

    /**
     * Some of the queries, and the first keys, over the same arrays.
     *
     * @param from the first query
     * @param to one after the last query
     * @param keys how many keys remain
     */
    public AttentionInput part(int from, int to, int keys) {
        if (from == 0 && to == q.rows() && keys == k.rows()) {
            return this;
        }
        List<AttentionMask> fewer = new ArrayList<>();
        for (AttentionMask mask : masks) {
            fewer.add(new PartMask(mask, from, keys));
        }
        return new AttentionInput(
                q.rows(from, to),
                k.rows(0, keys),
                v.rows(0, keys),
                scale,
                List.copyOf(fewer),
                softCap,
                sinks);
    }

    /** The same with other queries, keys and values, of the same numbers of heads. */
    public AttentionInput with(HeadArray queries, HeadArray keys, HeadArray values) {
        return new AttentionInput(queries, keys, values, scale, masks, softCap, sinks);
    }

    /** The same with one mask for all heads. */
    public AttentionInput withMask(AttentionMask mask) {
        return new AttentionInput(q, k, v, scale, List.of(mask), softCap, sinks);
    }

    /** Queries, [H, N, D]. */
    public HeadArray q() {
        return q;
    }

    /** Keys, [KV, M, D]. */
    public HeadArray k() {
        return k;
    }

    /** Values, [KV, M, Dv]. */
    public HeadArray v() {
        return v;
    }

    /** What scores are multiplied by. */
    public float scale() {
        return scale;
    }

    /** What a query head may see. */
    public AttentionMask mask(int head) {
        return masks.get(masks.size() == 1 ? 0 : head);
    }

    /** The soft cap of scores; 0 for none. */
    public float softCap() {
        return softCap;
    }

    /** The sink logit of a query head; negative infinity for none. */
    public float sink(int head) {
        return sinks[head];
    }

    /** The key head that a query head uses. */
    public int keyHead(int head) {
        return head / (q.heads() / k.heads());
    }
}
