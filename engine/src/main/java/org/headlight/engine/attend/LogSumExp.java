package org.headlight.engine.attend;

/**
 * Attention over a union of disjoint sets of keys, from the attention over each: outputs are
 * averaged with weights e^(log-sum-exp). A sink logit may be part of one of the sets only.
 */
public final class LogSumExp {
    private LogSumExp() {}

    /**
     * Merges one part into another, for every row of every head.
     *
     * @param part is added and not changed
     * @param into receives the merged output and log-sum-exp
     */
    public static void merge(AttentionOutput part, AttentionOutput into) {
        if (part.out().rows() != into.out().rows()) {
            throw new IllegalArgumentException("The two parts differ in shape");
        }
        merge(part, into, 0);
    }

    /**
     * Merges a part into the last rows of another.
     *
     * @param row0 the row that the first one of the part is merged into; the last ones go together
     */
    public static void merge(AttentionOutput part, AttentionOutput into, int row0) {
        HeadArray from = part.out();
        HeadArray to = into.out();
        if (from.heads() != to.heads()
                || from.rows() + row0 != to.rows()
                || from.width() != to.width()) {
            throw new IllegalArgumentException("The two parts differ in shape");
        }
        for (int head = 0; head < to.heads(); head++) {
            for (int row = 0; row < from.rows(); row++) {
                int index = head * to.rows() + row0 + row;
                float own = part.lse()[head * from.rows() + row];
                if (own == Float.NEGATIVE_INFINITY) {
                    continue;
                }
                float total = of(own, into.lse()[index]);
                float a = weight(own, total);
                float b = weight(into.lse()[index], total);
                int x = from.at(head, row);
                int y = to.at(head, row0 + row);
                for (int d = 0; d < to.width(); d++) {
                    to.values()[y + d] = a * from.values()[x + d] + b * to.values()[y + d];
                }
                into.lse()[index] = total;
            }
        }
    }

    /** log(e^a + e^b). */
    public static float of(float a, float b) {
        float max = Math.max(a, b);
        return max == Float.NEGATIVE_INFINITY
                ? max
                : (float) (max + Math.log1p(Math.exp(Math.min(a, b) - (double) max)));
    }

    private static float weight(float lse, float total) {
        return lse == Float.NEGATIVE_INFINITY ? 0 : (float) Math.exp((double) lse - total);
    }
}
