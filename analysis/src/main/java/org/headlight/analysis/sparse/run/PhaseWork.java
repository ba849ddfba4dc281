package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Plans and computes the attention of one layer in one phase, and counts what it took. */
final class PhaseWork {
    private final PolicySite site;
    private final AttentionInput input;
    private final AttentionOutput output;
    private final List<Optional<PolicyChoice>> choices = new ArrayList<>();
    private final Map<PolicyChoice, Plan> plans = new LinkedHashMap<>();
    private final long[] pairs;
    private final long[] weighed;
    private long bytes;
    private long selecting;
    private long attending;

    /**
     * @param output of the phase's rows
     */
    PhaseWork(PolicySite site, Assignment assignment, AttentionOutput output) {
        this.site = site;
        this.input = site.input();
        this.output = output;
        this.pairs = new long[site.heads()];
        this.weighed = new long[site.heads()];
        for (int head = 0; head < site.heads(); head++) {
            HeadAddress at = new HeadAddress(site.layer(), SiteKind.SELF, head);
            choices.add(assignment.of(at, site.phase()));
        }
    }

    /** Whether any head is sparse. */
    boolean sparse() {
        return choices.stream().anyMatch(Optional::isPresent);
    }

    /** Plans and computes. */
    void run(Map<PolicyChoice, Planner> planners, SiteAttend kernels, Progress progress) {
        long start = System.nanoTime();
        for (Optional<PolicyChoice> choice : choices) {
            if (choice.isPresent() && !plans.containsKey(choice.get())) {
                Planner planner = Objects.requireNonNull(planners.get(choice.get()));
                plans.put(choice.get(), planner.plan(site, progress));
            }
        }
        long planned = System.nanoTime();
        attend(kernels, progress);
        selecting = planned - start;
        attending = System.nanoTime() - planned;
    }

    private void attend(SiteAttend kernels, Progress progress) {
        boolean alike = choices.stream().distinct().count() == 1;
        if (alike && (plans.isEmpty() || selected(plans.values().iterator().next()))) {
            kernels.attend(input, selectionOf(0, false), output);
            count(output, -1);
            return;
        }
        for (Map.Entry<PolicyChoice, Plan> entry : plans.entrySet()) {
            if (entry.getValue() instanceof Plan.Computed computed) {
                computed(entry.getKey(), computed, kernels, progress);
            }
        }
        for (int head = 0; head < choices.size(); head++) {
            if (choices.get(head).map(plans::get).map(PhaseWork::selected).orElse(true)) {
                AttentionOutput own =
                        new AttentionOutput(output.out().head(head), new float[site.queries()]);
                kernels.attend(input.head(head), selectionOf(head, true), own);
                System.arraycopy(own.lse(), 0, output.lse(), head * site.queries(), site.queries());
                count(own, head);
            }
        }
    }

    private static boolean selected(Plan plan) {
        return plan instanceof Plan.Selected;
    }

    private Selection selectionOf(int head, boolean alone) {
        Optional<Plan> plan = choices.get(head).map(plans::get);
        if (plan.isPresent() && plan.get() instanceof Plan.Selected(Selection all)) {
            return alone ? all.head(Selection.Shape.of(input), head) : all;
        }
        return Selection.dense();
    }

    /** Computes all heads, and copies those that chose this plan. */
    private void computed(
            PolicyChoice choice, Plan.Computed plan, SiteAttend kernels, Progress progress) {
        HeadArray out = output.out();
        AttentionOutput all = AttentionOutput.allocate(out.heads(), out.rows(), out.width());
        long[] counted = new long[3];
        SiteAttend counting =
                (in, selection, into) -> {
                    kernels.attend(in, selection, into);
                    counted[0] += into.counters().pairs();
                    counted[1] += into.counters().bytes();
                    counted[2] += into.counters().weighed();
                };
        plan.work().attend(input, counting, all, progress);
        int users = 0;
        for (int head = 0; head < out.heads(); head++) {
            if (choices.get(head).equals(Optional.of(choice))) {
                users++;
                pairs[head] = counted[0] / out.heads();
                weighed[head] = counted[2] / out.heads();
                copy(all, head);
            }
        }
        bytes += counted[1] * users / out.heads();
    }

    private void copy(AttentionOutput all, int head) {
        HeadArray out = output.out();
        for (int row = 0; row < out.rows(); row++) {
            System.arraycopy(
                    all.out().values(),
                    all.out().at(head, row),
                    out.values(),
                    out.at(head, row),
                    out.width());
        }
        System.arraycopy(all.lse(), head * out.rows(), output.lse(), head * out.rows(), out.rows());
    }

    private void count(AttentionOutput from, int head) {
        bytes += from.counters().bytes();
        if (head >= 0) {
            pairs[head] = from.counters().pairs();
            weighed[head] = from.counters().weighed();
            return;
        }
        for (int h = 0; h < pairs.length; h++) {
            pairs[h] = from.counters().pairs() / pairs.length;
            weighed[h] = from.counters().weighed() / pairs.length;
        }
    }

    PolicySite site() {
        return site;
    }

    Phase phase() {
        return site.phase();
    }

    AttentionInput input() {
        return input;
    }

    AttentionOutput output() {
        return output;
    }

    Optional<PolicyChoice> choice(int head) {
        return choices.get(head);
    }

    /** Whether what a head leaves out shows only while it computes: pieces that weigh nothing. */
    boolean skips(int head) {
        return choices.get(head).map(plans::get).orElse(null)
                        instanceof Plan.Selected(Selection all)
                && !all.listed();
    }

    /** The keys that a head kept; empty when there is no such list. */
    Optional<KeptMap> kept(int head) {
        return choices.get(head)
                .map(plans::get)
                .flatMap(Plan::kept)
                .filter(Selection::listed)
                .map(selection -> {
                    Selection.Shape shape = Selection.Shape.of(input);
                    return new KeptMap(
                            selection.head(shape, head),
                            new Selection.Shape(1, 1, shape.queries(), shape.keys()),
                            site.from());
                });
    }

    /** Pairs that were computed; means over the heads where they ran together. */
    long pairs(int head) {
        return pairs[head];
    }

    /** Those of them whose values were taken in. */
    long weighed(int head) {
        return weighed[head];
    }

    /** Pairs that were computed, over all heads. */
    long pairs() {
        return Arrays.stream(pairs).sum();
    }

    /** Pairs that the masks let queries see, over all heads. */
    long visible() {
        long sum = 0;
        for (int head = 0; head < site.heads(); head++) {
            PairCount count = new PairCount(input.mask(head), input.k().rows());
            count.visible(input.q().rows());
            sum += count.visible();
        }
        return sum;
    }

    /** Bytes of queries, keys and values that were asked for. */
    long bytes() {
        return bytes;
    }

    /** Nanoseconds of choosing. */
    long selecting() {
        return selecting;
    }

    /** Nanoseconds of attention. */
    long attending() {
        return attending;
    }
}
