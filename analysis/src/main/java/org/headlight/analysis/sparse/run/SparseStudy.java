package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Rotary;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.cut.SiteCall;
import org.headlight.engine.cut.SiteHook;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs a model over a text densely and sparsely, in pieces, by the same kernels. The first P tokens
 * are the prompt: prefill policies act on them and choose by them alone; the rest is the
 * continuation, fed token by token as far as a policy can see (teacher forcing), on which decode
 * policies act and loss is measured. In a causal model one run over the whole text gives what the
 * prefill and all steps would give one after the other.
 */
public final class SparseStudy {
    private static final double MILLIS = 1e-6;

    private final Model model;
    private final SweepOptions sweep;
    private final Supplier<Optional<Rotary>> rotary;
    private Optional<Rotary> found = Optional.empty();
    private boolean asked;

    /**
     * @param sweep kernels and threads of selection and of measuring
     * @param rotary finds the model's rotary positions; asked once, when a policy first moves
     *     positions
     */
    public SparseStudy(Model model, SweepOptions sweep, Supplier<Optional<Rotary>> rotary) {
        this.model = model;
        this.sweep = sweep;
        this.rotary = rotary;
    }

    /**
     * The prompt's length that is taken when nobody says one: all but an eighth of the text, at
     * least 1 and at most 256 tokens of continuation.
     */
    public static int promptOf(int tokens) {
        return Math.max(1, tokens - Math.clamp(tokens / 8, 1, 256));
    }

    /** The same for a model: all of the text where it {@linkplain #looksAhead looks ahead}. */
    public static int promptOf(Model model, int tokens) {
        return looksAhead(model) ? tokens : promptOf(tokens);
    }

    /**
     * Whether any self-attention of the model sees later tokens, as an encoder's does: then there
     * is no token that comes after a prompt, and the whole text is read at once.
     */
    public static boolean looksAhead(Model model) {
        return model.info().sites().stream()
                .anyMatch(site -> site.kind() == SiteKind.SELF && !site.causal());
    }

    /** Whether the model scores the next token; if not, there is neither KL nor loss. */
    public static boolean predicts(Model model) {
        return model.cannotGenerate().isEmpty();
    }

    /**
     * Runs the model as it is, once the kernels are compiled: times of before would be compared
     * with times of after.
     *
     * @param capture whether the maps are kept, for policies that need them
     * @throws BadInputException when the model does not run in pieces
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public DenseRun dense(List<Token> tokens, boolean capture, Progress progress) {
        if (tokens.isEmpty()) {
            throw new BadInputException("There is no text to run; give at least one token.");
        }
        model.settle(progress);
        sweep.kernels().awaitWarmUp(progress::cancelled);
        Counting counting = new Counting();
        CutOutcome outcome =
                model.run(
                        tokens,
                        SeamHooks.NONE.with(counting),
                        capture ? CutOutcome.Wanted.BOTH : CutOutcome.Wanted.LOGITS,
                        progress);
        double all = outcome.seconds() * 1e3;
        return new DenseRun(
                tokens,
                outcome.logits(),
                outcome.capture(),
                counting.bytes,
                counting.nanoseconds * MILLIS,
                Math.max(0, all - counting.nanoseconds * MILLIS));
    }

    /** Whether any policy of an assignment needs the maps of a dense run. */
    public static boolean needsCapture(Assignment assignment) {
        return assignment.choices().stream()
                .map(PolicyChoice::policy)
                .anyMatch(Policy::needsDenseRun);
    }

    /**
     * Runs the model sparsely over the same text.
     *
     * @param prompt tokens that are prefilled, 1 to N
     * @throws BadInputException when a policy cannot work on the model or the text
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public SparseResult run(
            DenseRun dense,
            int prompt,
            Assignment assignment,
            SparseOptions options,
            Progress progress) {
        try (SparseHook hook = hook(dense, prompt, assignment, options, progress)) {
            Optional<DenseSteps> steps =
                    assignment.decodes() && prompt < dense.tokens().size()
                            ? Optional.of(dense.steps(prompt, () -> steps(dense, prompt, progress)))
                            : Optional.empty();
            CutOutcome outcome =
                    model.run(
                            dense.tokens(),
                            SeamHooks.NONE.with(hook),
                            CutOutcome.Wanted.LOGITS,
                            progress);
            return result(
                    dense, prompt, hook.use(model.attention()), assignment, hook, outcome, steps);
        }
    }

    /** Dense attention with the continuation query by query: the fastest of several short runs. */
    private DenseSteps steps(DenseRun dense, int prompt, Progress progress) {
        progress.at(0, "dense, step by step");
        long start = System.nanoTime();
        DenseSteps fastest = stepped(dense, prompt, progress);
        long first = System.nanoTime() - start;
        long later = 0;
        for (int run = 1; Repeats.SHORT.again(run, first * MILLIS, later * MILLIS); run++) {
            DenseSteps again = stepped(dense, prompt, progress);
            later = System.nanoTime() - start - first;
            fastest = again.attend() < fastest.attend() ? again : fastest;
        }
        return fastest;
    }

    private DenseSteps stepped(DenseRun dense, int prompt, Progress progress) {
        StepwiseHook hook = new StepwiseHook(prompt);
        model.run(
                dense.tokens(),
                SeamHooks.NONE.with(hook),
                CutOutcome.Wanted.LOGITS,
                progress.part(0, 0.2));
        return hook.taken();
    }

    /**
     * Logits of a sparse run over a text, [N, vocabulary], with nothing measured.
     *
     * @param prompt tokens that are prefilled, 1 to N
     * @throws BadInputException when a policy cannot work on the model or the text, or the model
     *     gives no next-token logits
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public Matrix logits(List<Token> tokens, int prompt, Assignment assignment, Progress progress) {
        boolean needed = needsCapture(assignment);
        try (DenseRun dense = needed ? dense(tokens, true, progress) : notRun(tokens);
                SparseHook hook = hook(dense, prompt, assignment, SparseOptions.QUICK, progress)) {
            return model.run(tokens, SeamHooks.NONE.with(hook), CutOutcome.Wanted.LOGITS, progress)
                    .logits()
                    .orElseThrow(() ->
                            new BadInputException(
                                    model.info().name() + " gives no logits of a next token."));
        }
    }

    private static DenseRun notRun(List<Token> tokens) {
        return new DenseRun(tokens, Optional.empty(), Optional.empty(), 0, 0, 0);
    }

    private SparseHook hook(
            DenseRun dense,
            int prompt,
            Assignment assignment,
            SparseOptions options,
            Progress progress) {
        List<Token> tokens = dense.tokens();
        if (prompt < 1 || prompt > tokens.size()) {
            throw new BadInputException(
                    "A prompt of "
                            + prompt
                            + " tokens does not fit a text of "
                            + tokens.size()
                            + "; expected 1 to "
                            + tokens.size()
                            + ".");
        }
        if (prompt < tokens.size() && looksAhead(model)) {
            throw new BadInputException(
                    model.info().name()
                            + " looks at later tokens too, as encoders do, so its text cannot be"
                            + " split into a prompt of "
                            + prompt
                            + " tokens and a continuation; take all "
                            + tokens.size()
                            + " tokens as the prompt.");
        }
        boolean moves = assignment.choices().stream().anyMatch(c -> c.info().changesPositions());
        PolicyRun run =
                new PolicyRun(
                        layers(),
                        tokens,
                        prompt,
                        sweep,
                        moves ? rotary() : Optional.empty(),
                        dense.capture());
        return new SparseHook(assignment, run, options, progress);
    }

    private synchronized Optional<Rotary> rotary() {
        if (!asked) {
            found = rotary.get();
            asked = true;
        }
        return found;
    }

    private int layers() {
        return 1 + model.info().sites().stream().mapToInt(s -> s.layer()).max().orElse(0);
    }

    private SparseResult result(
            DenseRun dense,
            int prompt,
            AttentionUse use,
            Assignment assignment,
            SparseHook hook,
            CutOutcome outcome,
            Optional<DenseSteps> steps) {
        double select = 0;
        double decode = 0;
        for (LayerFidelity layer : hook.layers()) {
            select += layer.selecting() * MILLIS;
            boolean step = layer.phase() == Phase.DECODE;
            decode += step ? (layer.selecting() + layer.attending()) * MILLIS : 0;
        }
        double attend = hook.attending() * MILLIS;
        double all = outcome.seconds() * 1e3 - hook.measuring() * MILLIS;
        Optional<EndToEnd> end =
                dense.logits()
                        .filter(logits -> predicts(model))
                        .flatMap(was ->
                                outcome.logits()
                                        .map(now -> EndToEnd.of(was, now, dense.tokens(), prompt)));
        return new SparseResult(
                dense.tokens(),
                prompt,
                assignment,
                hook.heads(),
                hook.layers(),
                end,
                new SparseTimes(
                        select,
                        attend,
                        Math.max(0, all - select - attend),
                        decode,
                        dense.attend(),
                        dense.rest(),
                        steps),
                hook.bytes(),
                dense.bytes(),
                hook.needle(),
                hook.traits(),
                use);
    }

    /** Dense attention, timed. */
    private static final class Counting implements SiteHook {
        private long nanoseconds;
        private long bytes;

        @Override
        public void attend(SiteCall site, SiteAttend kernels, AttentionOutput output) {
            kernels.attend(site.input(), Selection.dense(), output);
            nanoseconds += output.counters().nanoseconds();
            bytes += output.counters().bytes();
        }
    }
}
