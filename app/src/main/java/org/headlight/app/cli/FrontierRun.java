package org.headlight.app.cli;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.Frontier;
import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.Repeats;
import org.headlight.analysis.sparse.run.SettledTimes;
import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;

/** Runs the settings of many policies; a policy that cannot work on the model is left out. */
final class FrontierRun {
    private final SparseStudy study;
    private final List<Token> tokens;
    private final int prompt;
    private final SparseOptions options;
    private final List<FrontierPoint> points = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    FrontierRun(SparseStudy study, List<Token> tokens, int prompt, SparseOptions options) {
        this.study = study;
        this.tokens = tokens;
        this.prompt = prompt;
        this.options = options;
    }

    /**
     * Runs them all.
     *
     * @param settle whether times are taken of the fastest of several runs
     * @throws BadInputException when no policy works on the model
     */
    void all(List<Policy> policies, boolean settle, Progress progress) {
        boolean capture = policies.stream().anyMatch(Policy::needsDenseRun);
        SettledTimes times = new SettledTimes(study, Repeats.THOROUGH);
        try (SettledTimes.Dense dense = times.dense(tokens, capture, progress.part(0, 0.1))) {
            for (int i = 0; i < policies.size(); i++) {
                double from = 0.1 + 0.9 * i / policies.size();
                double to = 0.1 + 0.9 * (i + 1) / policies.size();
                policy(policies.get(i), dense, settle, progress.part(from, to));
            }
        }
        if (points.isEmpty()) {
            throw new BadInputException(
                    "None of the policies works here: " + String.join(" ", notes));
        }
    }

    private void policy(
            Policy policy, SettledTimes.Dense dense, boolean settle, Progress progress) {
        List<PolicyChoice> choices = Frontier.sweep(policy, tokens.size());
        SettledTimes times = new SettledTimes(study, Repeats.THOROUGH);
        try {
            warm(choices.getFirst(), dense, progress);
            Frontier.run(
                    study,
                    dense.run(),
                    prompt,
                    choices,
                    options,
                    point ->
                            points.add(
                                    new FrontierPoint(
                                            point.choice(),
                                            settle
                                                    ? times.sparse(dense, point.result(), progress)
                                                    : SettledTimes.timed(dense, point.result()))),
                    progress);
        } catch (BadInputException e) {
            notes.add(policy.info().name() + " is left out: " + e.getMessage());
        }
    }

    /** What runs for the first time is slow. */
    private void warm(PolicyChoice choice, SettledTimes.Dense dense, Progress progress) {
        progress.at(0, choice.info().name());
        study.run(
                dense.run(),
                prompt,
                Assignment.everywhere(choice),
                SparseOptions.QUICK,
                progress.part(0, 0.01));
    }

    /** What was run. */
    List<FrontierPoint> points() {
        return List.copyOf(points);
    }

    /** What was left out, and why. */
    List<String> notes() {
        return List.copyOf(notes);
    }
}
