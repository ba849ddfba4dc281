package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Trait;
import org.headlight.engine.attend.AttentionCalls;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.BlockScorer;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.cut.SiteCall;
import org.headlight.engine.cut.SiteHook;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Computes the sites of a run by policies, and measures what they do. */
final class SparseHook implements SiteHook, AutoCloseable {
    private final Assignment assignment;
    private final PolicyRun run;
    private final SparseOptions options;
    private final Progress progress;
    private final Map<PolicyChoice, Planner> planners = new LinkedHashMap<>();
    private final List<HeadFidelity> heads = new ArrayList<>();
    private final List<LayerFidelity> layers = new ArrayList<>();
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
    private final Optional<NeedleWatch> needle;
    private final CountedScorer scorer = new CountedScorer();
    private AttentionCalls calls = AttentionCalls.NONE;
    private long bytes;
    private long attending;
    private long measuring;

    SparseHook(Assignment assignment, PolicyRun run, SparseOptions options, Progress progress) {
        this.assignment = assignment;
        this.run = run;
        this.options = options;
        this.progress = progress;
        this.needle = options.needle().map(NeedleWatch::new);
        for (PolicyChoice choice : assignment.choices()) {
            planners.put(choice, choice.start(run));
        }
    }

    @Override
    public void attend(SiteCall site, SiteAttend kernels, AttentionOutput output) {
        AttentionInput input = site.input();
        int rows = input.q().rows();
        if (site.kind() != SiteKind.SELF || rows != input.k().rows()) {
            kernels.attend(input, Selection.dense(), output);
            attending += output.counters().nanoseconds();
            return;
        }
        int prompt = Math.min(run.prompt(), rows);
        BlockScorer blocks = scorer.of(kernels.scorer());
        int layer = site.layer();
        phase(new PolicySite(layer, Phase.PREFILL, input, 0, prompt, blocks), kernels, output);
        phase(new PolicySite(layer, Phase.DECODE, input, prompt, rows, blocks), kernels, output);
    }

    private void phase(PolicySite site, SiteAttend kernels, AttentionOutput output) {
        if (site.queries() == 0) {
            return;
        }
        HeadArray out = output.out().rows(site.from(), site.to());
        AttentionOutput into = new AttentionOutput(out, new float[out.heads() * out.rows()]);
        PhaseWork work = new PhaseWork(site, assignment, into);
        if (work.sparse()) {
            traits.addAll(Trait.of(site.input()));
        }
        boolean alone = site.phase() == Phase.DECODE && assignment.decodes();
        SiteAttend own = alone ? stepwise(kernels) : kernels;
        work.run(planners, work.sparse() ? counting(own) : own, progress);
        bytes += work.bytes();
        attending += work.attending();
        long start = System.nanoTime();
        double error = work.sparse() ? Double.NaN : 0;
        if (options.fidelity() && work.sparse()) {
            FidelityMeter meter = new FidelityMeter(work, own, run.sweep(), options.oracle());
            heads.addAll(meter.heads(progress));
            error = meter.layerError();
        }
        needle.ifPresent(watch -> follow(watch, work));
        layers.add(
                new LayerFidelity(
                        site.layer(),
                        site.phase(),
                        work.sparse(),
                        error,
                        work.pairs(),
                        work.visible(),
                        work.selecting(),
                        work.attending()));
        measuring += System.nanoTime() - start;
    }

    /** The same, with its calls counted. */
    private SiteAttend counting(SiteAttend kernels) {
        return (input, selection, output) -> {
            kernels.attend(input, selection, output);
            calls = calls.and(output.counters());
        };
    }

    /** Each query by itself, as decoding has it. */
    private static SiteAttend stepwise(SiteAttend kernels) {
        return (input, selection, output) ->
                kernels.attend(input, Selection.stepwise(selection), output);
    }

    private static void follow(NeedleWatch watch, PhaseWork work) {
        int first = work.phase() == Phase.PREFILL ? work.site().queries() - 1 : 0;
        for (int head = 0; head < work.site().heads(); head++) {
            int own = head;
            work.kept(head).ifPresent(kept -> watch.look(work.input(), own, kept, first));
        }
    }

    /** What became of the needle. */
    Optional<NeedleFate> needle() {
        return needle.map(NeedleWatch::fate);
    }

    /** What the model does to scores in the sites that have sparse heads. */
    Set<Trait> traits() {
        return Set.copyOf(traits);
    }

    /** Where calls of attention were computed, and blocks were chosen. */
    AttentionUse use(AttentionPlace place) {
        return new AttentionUse(place, calls, scorer.scored(), scorer.chosen(), scorer.refusal());
    }

    /** What every sparse head kept and lost, where it was measured. */
    List<HeadFidelity> heads() {
        return List.copyOf(heads);
    }

    /** What every layer took. */
    List<LayerFidelity> layers() {
        return List.copyOf(layers);
    }

    /** Bytes of queries, keys and values that were asked for. */
    long bytes() {
        return bytes;
    }

    /** Nanoseconds of attention. */
    long attending() {
        return attending;
    }

    /** Nanoseconds of measuring, which are no part of the run. */
    long measuring() {
        return measuring;
    }

    @Override
    public void close() {
        planners.values().forEach(Planner::close);
    }
}
