package org.headlight.app.sparse;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.ObservableSet;

import org.headlight.analysis.sparse.Honesty;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.run.Frontier;
import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.Repeats;
import org.headlight.analysis.sparse.run.SettledTimes;
import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Many policies and settings over the text on show: points that come one by one. */
final class FrontierViewModel {
    private static final int FIRST = 5;

    private final TaskRunner tasks;
    private final SparseViewModel sparse;
    private final ObservableSet<Policy> chosen;
    private final ObservableList<FrontierPoint> points = FXCollections.observableArrayList();
    private final ObservableList<String> failures = FXCollections.observableArrayList();
    private final ObjectProperty<FrontierPoint.Cost> cost =
            new SimpleObjectProperty<>(FrontierPoint.Cost.DENSITY);
    private final ObjectProperty<FrontierPoint.Loss> loss =
            new SimpleObjectProperty<>(FrontierPoint.Loss.KL);
    private List<Token> text = List.of();
    private int prompt;
    private int sweeps;

    FrontierViewModel(TaskRunner tasks, SparseViewModel sparse) {
        this.tasks = tasks;
        this.sparse = sparse;
        this.chosen =
                FXCollections.observableSet(new LinkedHashSet<>(first(sparse.setup().policies())));
        sparse.runnableProperty().addListener((property, old, now) -> suit());
        sparse.setup().promptProperty().addListener((property, old, now) -> suit());
    }

    /** A few to begin with: methods that need no training, those of the prefill first. */
    private static List<Policy> first(List<Policy> policies) {
        Comparator<Policy> prefill =
                Comparator.comparing(policy -> !policy.info().phase().covers(Phase.PREFILL));
        return policies.stream()
                .filter(policy -> policy.info().honesty() == Honesty.FULL)
                .sorted(prefill)
                .limit(FIRST)
                .toList();
    }

    /** The policies that are swept. */
    ObservableSet<Policy> chosen() {
        return chosen;
    }

    /** What was measured so far. */
    ObservableList<FrontierPoint> points() {
        return points;
    }

    /** Policies that could not run, one sentence each. */
    ObservableList<String> failures() {
        return failures;
    }

    /** What is traded. */
    ObjectProperty<FrontierPoint.Cost> costProperty() {
        return cost;
    }

    /** What is lost. */
    ObjectProperty<FrontierPoint.Loss> lossProperty() {
        return loss;
    }

    /** The points that no other beats, from left to right. */
    List<FrontierPoint> front() {
        return Frontier.best(points, cost.get(), loss.get());
    }

    /** Points of another text or prompt are no longer right. */
    private void suit() {
        List<Token> now = sparse.tokens();
        boolean silent = sparse.model().filter(m -> !SparseStudy.predicts(m)).isPresent();
        if (silent && loss.get().ofNextTokens()) {
            loss.set(FrontierPoint.Loss.OUTPUT);
        }
        if (!now.equals(text) || prompt != sparse.setup().promptProperty().get()) {
            sweeps++;
            text = now;
            prompt = sparse.setup().promptProperty().get();
            points.clear();
            failures.clear();
        }
    }

    /** Measures what is chosen and not there yet. */
    void sweep() {
        suit();
        Optional<Model> model = sparse.model();
        if (model.isEmpty() || text.isEmpty()) {
            return;
        }
        if (chosen.isEmpty()) {
            sparse.state().problem("Choose the policies to sweep first: none is chosen.");
            return;
        }
        List<PolicyChoice> there = points.stream().map(FrontierPoint::choice).toList();
        List<PolicyChoice> wanted =
                sparse.setup().policies().stream()
                        .filter(chosen::contains)
                        .flatMap(policy -> Frontier.sweep(policy, text.size()).stream())
                        .filter(choice -> !there.contains(choice))
                        .toList();
        failures.clear();
        int sweep = ++sweeps;
        List<Token> tokens = text;
        int read = prompt;
        FrontierPoint.Cost traded = cost.get();
        sparse.state()
                .run(
                        tasks,
                        TaskRequest.of(
                                SparseViewModel.LANE,
                                "Frontier",
                                progress -> {
                                    work(
                                            model.get(),
                                            tokens,
                                            read,
                                            wanted,
                                            traded,
                                            sweep,
                                            progress);
                                    return sweep;
                                }));
    }

    private void work(
            Model model,
            List<Token> tokens,
            int read,
            List<PolicyChoice> wanted,
            FrontierPoint.Cost traded,
            int sweep,
            Progress progress) {
        SparseStudy study = sparse.study(model);
        boolean maps = wanted.stream().anyMatch(choice -> choice.policy().needsDenseRun());
        SettledTimes.Dense dense = sparse.dense(model, study, tokens, maps, progress.part(0, 0.05));
        SparseOptions options = new SparseOptions(true, false, Optional.empty());
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            PolicyChoice choice = wanted.get(i);
            if (failed.contains(choice.info().name())) {
                continue;
            }
            double size = wanted.size();
            Progress part = progress.part(0.05 + 0.95 * i / size, 0.05 + 0.95 * (i + 1) / size);
            try {
                Frontier.run(
                        study,
                        dense.run(),
                        read,
                        List.of(choice),
                        options,
                        point -> {
                            FrontierPoint timed = settled(study, dense, point, traded, part);
                            tasks.later(() -> arrived(sweep, timed));
                        },
                        part);
            } catch (BadInputException e) {
                failed.add(choice.info().name());
                String sentence = choice.info().title() + ": " + e.getMessage();
                tasks.later(() -> refused(sweep, sentence));
            }
        }
    }

    /** Where time is on show each setting is run again until its times have settled. */
    private static FrontierPoint settled(
            SparseStudy study,
            SettledTimes.Dense dense,
            FrontierPoint point,
            FrontierPoint.Cost cost,
            Progress progress) {
        SparseResult result = point.result();
        return new FrontierPoint(
                point.choice(),
                cost == FrontierPoint.Cost.TIME
                        ? new SettledTimes(study, Repeats.SHORT).sparse(dense, result, progress)
                        : SettledTimes.timed(dense, result));
    }

    private void arrived(int sweep, FrontierPoint point) {
        if (sweep == sweeps) {
            points.add(point);
            sparse.state().ready();
        }
    }

    private void refused(int sweep, String sentence) {
        if (sweep == sweeps) {
            failures.add(sentence);
        }
    }

    /** Looks at the masks and numbers of a point. */
    void open(FrontierPoint point) {
        sparse.setup().main().take(point.choice());
        sparse.setup().decode().choose(null);
        sparse.setup().scopeProperty().set(Scope.MODEL);
        sparse.setup().rules().clear();
        sparse.show(new SparseRun(point.result(), Map.of(point.choice(), "all"), ""));
    }
}
