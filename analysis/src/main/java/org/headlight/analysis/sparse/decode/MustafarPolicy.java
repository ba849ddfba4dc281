package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.LogSumExp;
import org.headlight.engine.attend.Spans;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.task.Progress;

import java.util.Arrays;
import java.util.Optional;

/**
 * Mustafar (Joo et al. 2025): the small numbers of each key and value are dropped once the token
 * has left a short window. No token is left out.
 */
public final class MustafarPolicy implements Policy {
    private static final PolicyInfo INFO =
            PolicyInfo.full(
                            "mustafar",
                            "Mustafar",
                            "Joo et al. 2025, arXiv 2505.22913",
                            Phase.DECODE,
                            Unit.ELEMENT,
                            "Drops the small numbers of each key and value, the last tokens apart;"
                                    + " needs no training. Errors are the method's; time is not:"
                                    + " dropped numbers count as zeros here.",
                            Parameter.real(
                                    "keys",
                                    "Share of a key's numbers that is dropped (s)",
                                    0.7,
                                    0,
                                    1),
                            Parameter.real(
                                    "values",
                                    "Share of a value's numbers that is dropped (s)",
                                    0.7,
                                    0,
                                    1),
                            Parameter.whole(
                                    "recent", "Last tokens that stay whole", 32, 1, 1 << 20))
                    .notOneSoftmax();

    @Override
    public PolicyInfo info() {
        return INFO;
    }

    @Override
    public Settings preset(int tokens) {
        return Settings.standard(INFO).with("recent", Math.clamp(tokens / 8, 1, 32));
    }

    @Override
    public Planner start(Settings settings, PolicyRun run) {
        return (site, progress) -> plan(site, settings);
    }

    /** What is kept of the keys of a site, for drawing, as the last step has it. */
    public static ElementMask keys(PolicySite site, Settings settings) {
        return ElementMask.of(site.input().k(), settings.real("keys"), settings.whole("recent"));
    }

    /** What is kept of the values of a site, for drawing, as the last step has it. */
    public static ElementMask values(PolicySite site, Settings settings) {
        return ElementMask.of(site.input().v(), settings.real("values"), settings.whole("recent"));
    }

    private static Plan plan(PolicySite site, Settings settings) {
        Steps steps = Steps.of(site, INFO);
        return new Plan.Computed(new Pruned(steps, settings), Optional.empty());
    }

    private record Pruned(Steps steps, Settings settings) implements Plan.Work {

        @Override
        public void attend(
                AttentionInput input,
                SiteAttend kernels,
                AttentionOutput output,
                Progress progress) {
            int recent = settings.whole("recent");
            AttentionInput pruned =
                    input.with(
                            input.q(),
                            ElementMask.of(input.k(), settings.real("keys"), 0).applied(input.k()),
                            ElementMask.of(input.v(), settings.real("values"), 0)
                                    .applied(input.v()));
            float[] none = new float[input.q().heads()];
            Arrays.fill(none, Float.NEGATIVE_INFINITY);
            int rows = input.q().rows();
            AttentionOutput old =
                    AttentionOutput.allocate(input.q().heads(), rows, input.v().width());
            progress.check();
            kernels.attend(pruned.withSinks(none), spans(0, recent), old);
            progress.check();
            kernels.attend(input, spans(recent, 0), output);
            LogSumExp.merge(old, output);
        }

        /** The last keys of each step, or those before them. */
        private Spans spans(int last, int without) {
            Spans.Builder builder = new Spans.Builder(steps.heads(), steps.count(), 1);
            for (int head = 0; head < steps.heads(); head++) {
                for (int step = 0; step < steps.count(); step++) {
                    int end = steps.position(step) + 1;
                    int from = last > 0 ? Math.max(0, end - last) : 0;
                    builder.add(from, Math.max(0, end - without)).next();
                }
            }
            return builder.build();
        }
    }
}
