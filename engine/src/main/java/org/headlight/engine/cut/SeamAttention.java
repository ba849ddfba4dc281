package org.headlight.engine.cut;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.attend.BlockScorer;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Computes the attention of a whole site: by the kernels, and by the hooks of its heads. */
public final class SeamAttention implements AutoCloseable {
    private final AttentionRunner attention;

    /**
     * @param attention computes it; closed with this
     */
    public SeamAttention(AttentionRunner attention) {
        this.attention = attention;
    }

    /**
     * Computes.
     *
     * @param layer the site's layer
     * @param input its queries [H, N, D], keys [KV, M, D] and values [KV, M, Dv]
     * @param output receives [H, N, Dv]; its log-sum-exp is that of heads without a hook only
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public void run(
            int layer,
            SiteKind kind,
            AttentionInput input,
            SeamHooks hooks,
            AttentionOutput output,
            Progress progress) {
        List<Optional<HeadHook>> own = new ArrayList<>();
        for (int head = 0; head < input.q().heads(); head++) {
            own.add(hooks.of(new HeadAddress(layer, kind, head)));
        }
        long hooked = own.stream().filter(Optional::isPresent).count();
        // One call over all heads costs less than one a head, unless most are done otherwise.
        boolean together = 2 * hooked <= own.size() || hooks.sites().isPresent();
        if (together) {
            SiteHook all = hooks.sites().orElse(SeamAttention::dense);
            all.attend(new SiteCall(layer, kind, input), new Kernels(attention, progress), output);
        }
        for (int head = 0; head < own.size(); head++) {
            progress.check();
            if (together && own.get(head).isEmpty()) {
                continue;
            }
            AttentionInput one = input.head(head);
            AttentionOutput into =
                    new AttentionOutput(output.out().head(head), new float[one.q().rows()]);
            Optional<HeadHook> hook = own.get(head);
            if (hook.isEmpty()) {
                attention.run(one, into, progress);
            } else {
                HeadCall call =
                        new HeadCall(
                                new HeadAddress(layer, kind, head),
                                one,
                                KeptKeys.all(one.k().rows()));
                hook.get()
                        .attend(
                                call,
                                (inner, selection, target) ->
                                        chosen(inner, selection, target, progress),
                                into);
            }
        }
    }

    /** The kernels, for a run that can be cancelled. */
    private record Kernels(AttentionRunner attention, Progress progress) implements SiteAttend {
        @Override
        public void attend(AttentionInput input, Selection selection, AttentionOutput output) {
            attention.run(input, selection, output, progress);
        }

        @Override
        public BlockScorer scorer() {
            return attention.scorer();
        }
    }

    private static void dense(SiteCall site, SiteAttend kernels, AttentionOutput output) {
        kernels.attend(site.input(), Selection.dense(), output);
    }

    private void chosen(
            HeadCall head, Selection selection, AttentionOutput output, Progress progress) {
        attention.run(head.input(), selection, output, progress);
    }

    @Override
    public void close() {
        attention.close();
    }
}
