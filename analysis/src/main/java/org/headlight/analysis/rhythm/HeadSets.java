package org.headlight.analysis.rhythm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleBiFunction;

/**
 * The local, global and receiver heads of a model, found while its heads come by one after another:
 * of each set only the candidates are kept, so that memory grows with the sets.
 */
final class HeadSets {
    private static final Comparator<HeadRhythm> NEAR =
            Comparator.comparingDouble((HeadRhythm h) -> h.head().distance());
    private static final Comparator<HeadRhythm> FAR =
            Comparator.comparingDouble((HeadRhythm h) -> -h.head().distance());
    private static final Comparator<HeadRhythm> UNEVEN =
            Comparator.comparingDouble((HeadRhythm h) -> -h.head().kurtosis());

    private final int size;
    private final int receiverSize;
    private final List<HeadRhythm> local = new ArrayList<>();
    private final List<HeadRhythm> global = new ArrayList<>();
    private final List<HeadRhythm> receivers = new ArrayList<>();
    private final List<RhythmHead> all = new ArrayList<>();

    /**
     * @param heads how many heads will come by
     */
    HeadSets(int heads, RhythmSettings settings) {
        size = settings.heads().size(heads);
        receiverSize = settings.receivers().size(heads);
    }

    void add(HeadRhythm head) {
        all.add(head.head());
        keep(local, head, NEAR, size);
        keep(global, head, FAR, size);
        if (!Double.isNaN(head.head().kurtosis())) {
            keep(receivers, head, UNEVEN, receiverSize);
        }
    }

    /** Sorting is stable: of equal heads the one that came first stays. */
    private static void keep(
            List<HeadRhythm> set, HeadRhythm head, Comparator<HeadRhythm> order, int size) {
        set.add(head);
        set.sort(order);
        if (set.size() > size) {
            set.removeLast();
        }
    }

    List<RhythmHead> all() {
        return List.copyOf(all);
    }

    List<RhythmHead> local() {
        return names(local);
    }

    List<RhythmHead> global() {
        return names(global);
    }

    List<RhythmHead> receivers() {
        return names(receivers);
    }

    private static List<RhythmHead> names(List<HeadRhythm> set) {
        return set.stream().map(HeadRhythm::head).toList();
    }

    IntToDoubleFunction waad() {
        return mean(local, HeadRhythm::waad);
    }

    IntToDoubleFunction fai() {
        return mean(global, HeadRhythm::fai);
    }

    IntToDoubleFunction receiverFai() {
        return mean(receivers, HeadRhythm::fai);
    }

    private static IntToDoubleFunction mean(
            List<HeadRhythm> set, ToDoubleBiFunction<HeadRhythm, Integer> value) {
        return at ->
                set.stream()
                        .mapToDouble(head -> value.applyAsDouble(head, at))
                        .average()
                        .orElse(Double.NaN);
    }
}
