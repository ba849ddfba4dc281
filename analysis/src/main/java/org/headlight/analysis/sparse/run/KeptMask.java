package org.headlight.analysis.sparse.run;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A head's mask with what a policy left out hidden as well: with it, a head's map is that of the
 * sparse run, renormalised over the kept keys. Bits of few groups of 64 queries are kept at a time,
 * so that nothing grows with N squared. Thread-safe.
 */
public final class KeptMask implements AttentionMask {
    private static final int GROUP = 64;
    private static final int HELD = 128;

    /** So low that no probability is left, and yet a number: the cell exists and holds 0. */
    private static final float NOTHING = -1e30f;

    private final AttentionMask inner;
    private final KeptRows kept;
    private final int rows;
    private final boolean zeros;
    private final AtomicReferenceArray<@Nullable Group> held = new AtomicReferenceArray<>(HELD);

    private record Group(int index, KeptRows.Bits bits) {}

    private KeptMask(AttentionMask inner, KeptRows kept, int rows, boolean zeros) {
        this.inner = inner;
        this.kept = kept;
        this.rows = rows;
        this.zeros = zeros;
    }

    /**
     * The same head over the kept keys alone.
     *
     * @param zeros whether what is left out holds 0, so that the map has the cells of the dense
     *     one; otherwise it is masked
     */
    public static QkHead over(QkHead head, KeptRows kept, boolean zeros) {
        return new QkHead(
                head.q(),
                head.k(),
                head.v(),
                head.scale(),
                new KeptMask(head.mask(), kept, head.rows(), zeros),
                head.softcap(),
                head.sink());
    }

    @Override
    public int firstKey(int row) {
        return inner.firstKey(row);
    }

    @Override
    public int endKey(int row) {
        return inner.endKey(row);
    }

    @Override
    public boolean unbiased() {
        return false;
    }

    @Override
    public float bias(int row, int col) {
        KeptRows.Bits bits = group(row / GROUP);
        float bias = inner.unbiased() ? 0 : inner.bias(row, col);
        if (bits.kept(row, col) || bias == MASKED) {
            return bias;
        }
        return zeros && bits.any(row) ? NOTHING : MASKED;
    }

    private KeptRows.Bits group(int index) {
        int slot = index % HELD;
        Group now = held.get(slot);
        if (now == null || now.index != index) {
            int from = index * GROUP;
            now = new Group(index, kept.bits(from, Math.min(rows, from + GROUP)));
            held.set(slot, now);
        }
        return now.bits;
    }

    @Override
    public boolean causal() {
        return inner.causal();
    }
}
