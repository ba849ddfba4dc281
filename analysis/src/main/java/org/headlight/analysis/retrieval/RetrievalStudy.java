package org.headlight.analysis.retrieval;

import org.headlight.analysis.greedy.GuessAndCheck;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Needle-in-a-haystack trials with one model: which heads copy the answer, and what becomes of the
 * answers when heads are masked. Trials that a store has are not made again. For one thread at a
 * time.
 */
public final class RetrievalStudy {
    private final Model model;
    private final RetrievalPlan plan;
    private final TrialStore store;
    private final TrialKey keys;
    private final TrialRunner runner;
    private final Tokenizer tokenizer;
    private final PromptMaker prompts;

    /**
     * Makes ready; nothing runs yet.
     *
     * @throws BadInputException when the model cannot write, such as an encoder, or has no
     *     tokenizer
     */
    public RetrievalStudy(Model model, RetrievalPlan plan, TrialStore store) {
        model.cannotGenerate()
                .ifPresent(why -> {
                    throw new BadInputException(why);
                });
        this.model = model;
        this.plan = plan;
        this.store = store;
        this.keys = new TrialKey(model.info(), plan.settings());
        this.tokenizer =
                model.tokenizer()
                        .orElseThrow(() ->
                                new BadInputException(
                                        model.info().name()
                                                + " has no tokenizer, so no needle can be written"
                                                + " for it; put its tokenizer.json beside it."));
        this.runner = new TrialRunner(model, tokenizer, plan.settings());
        this.prompts = new PromptMaker(tokenizer, plan.haystack());
    }

    /**
     * Makes all trials of the plan.
     *
     * @param each hears every trial as it is there, kept ones too; what it has heard is stored
     * @return in the order of the plan's cases
     * @throws BadInputException when a needle is longer than a length, or a length is more than the
     *     model has positions for
     * @throws org.headlight.engine.problem.TooLargeException when a trial would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so; finished
     *     trials are stored by then
     */
    public List<Trial> run(Consumer<Trial> each, Progress progress) {
        List<TrialCase> cases = plan.cases();
        List<NeedlePrompt> made = prompts(cases, progress);
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            progress.check();
            TrialCase which = cases.get(i);
            NeedlePrompt prompt = made.get(i);
            String key = keys.of(which, prompt);
            Optional<Trial> kept = store.trial(key);
            Trial trial;
            if (kept.isPresent()) {
                trial = kept.get();
            } else {
                Progress part = part(progress, i, cases.size(), "Trial", which);
                trial = runner.run(which, prompt, part);
                store.keep(key, trial);
            }
            trials.add(trial);
            each.accept(trial);
        }
        progress.at(1, "Done");
        return trials;
    }

    /** All prompts before the first trial, so that a needle that is too long is said at once. */
    private List<NeedlePrompt> prompts(List<TrialCase> cases, Progress progress) {
        List<NeedlePrompt> made = new ArrayList<>();
        for (TrialCase which : cases) {
            progress.check();
            progress.at(0, "Hiding " + which);
            made.add(prompts.make(which));
        }
        return made;
    }

    /**
     * Makes all trials again with heads masked: they attend uniformly to the keys they see.
     *
     * @param base the trials without a mask, in the order of the plan's cases
     * @param each hears every trial as it is there
     * @throws BadInputException when the model cannot be cut at its attention
     * @throws org.headlight.engine.problem.TooLargeException when a trial would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so; finished
     *     trials are stored by then
     */
    public List<MaskedTrial> masked(
            HeadMask mask,
            MaskPhase phase,
            List<Trial> base,
            Consumer<MaskedTrial> each,
            Progress progress) {
        List<TrialCase> cases = plan.cases();
        MaskedWriter writer = new MaskedWriter(model, mask.heads(), phase);
        List<MaskedTrial> trials = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            progress.check();
            TrialCase which = cases.get(i);
            NeedlePrompt prompt = prompts.make(which);
            String key = keys.of(which, prompt, mask, phase);
            Optional<MaskedTrial> kept = store.masked(key);
            MaskedTrial trial;
            if (kept.isPresent()) {
                trial = kept.get();
            } else {
                Progress part = part(progress, i, cases.size(), mask.name(), which);
                trial = masked(writer, which, prompt, base.get(i), part);
                store.keep(key, trial);
            }
            trials.add(trial);
            each.accept(trial);
        }
        progress.at(1, "Done");
        return trials;
    }

    private MaskedTrial masked(
            MaskedWriter writer,
            TrialCase which,
            NeedlePrompt prompt,
            Trial base,
            Progress progress) {
        int most = plan.settings().maxTokens();
        int positions = model.info().maxPositions();
        if (positions > 0) {
            int room = Math.max(base.response().size(), positions - prompt.tokens().size());
            most = Math.min(most, room);
        }
        GuessAndCheck.Written written =
                writer.write(prompt.tokens(), base.response(), most, ending(), progress);
        int[] ids = written.ids().stream().mapToInt(Integer::intValue).toArray();
        String text = tokenizer.decode(ids);
        return new MaskedTrial(
                which.needle().name(),
                which.length(),
                which.depth(),
                written.ids(),
                text,
                Rouge1.recall(which.needle().answer(), text),
                written.passes());
    }

    private IntPredicate ending() {
        Set<Integer> ends = model.endTokens();
        return id -> ends.contains(id) || TrialRunner.newline(tokenizer, id);
    }

    /**
     * Writes the response of a trial again, to look at its map.
     *
     * @return the response with its capture; whoever calls this closes it
     */
    public Generation replay(TrialCase which, Progress progress) {
        return runner.generate(prompts.make(which), progress);
    }

    /** The case of a trial. */
    public Optional<TrialCase> caseOf(Judged trial) {
        return plan.cases().stream()
                .filter(c ->
                        c.needle().name().equals(trial.needle())
                                && c.length() == trial.length()
                                && c.depth() == trial.depth())
                .findFirst();
    }

    public RetrievalPlan plan() {
        return plan;
    }

    private static Progress part(
            Progress progress, int index, int all, String what, TrialCase which) {
        Progress part = progress.part((double) index / all, (index + 1.0) / all);
        String stage = String.format(Locale.ROOT, "%s %,d of %,d: %s", what, index + 1, all, which);
        return new Progress() {
            @Override
            public void at(double fraction, String inner) {
                part.at(fraction, inner.isEmpty() ? stage : stage + ", " + inner);
            }

            @Override
            public boolean cancelled() {
                return part.cancelled();
            }
        };
    }
}
