package org.headlight.analysis.sparse.run;

import org.headlight.analysis.sparse.Honesty;
import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Many policies and settings over one text, and those that no other beats. */
public final class Frontier {
    private static final double[] SHARES = {0.5, 0.7, 0.8, 0.9, 0.95, 0.99};
    private static final double[] FACTORS = {0.25, 0.5, 1, 2, 4};

    private Frontier() {}

    /**
     * Settings that trade density against error: the preset for the length, with the policy's knob
     * at five or six values; a knob that is a share takes 0.5 to 0.99, any other a quarter to four
     * times its preset.
     */
    public static List<PolicyChoice> sweep(Policy policy, int tokens) {
        Settings preset = policy.preset(tokens);
        Set<Settings> all = new LinkedHashSet<>();
        for (Parameter parameter : policy.info().parameters()) {
            if (parameter.name().equals(policy.knob())) {
                boolean share = !parameter.whole() && parameter.most() <= 1;
                for (double step : share ? SHARES : FACTORS) {
                    double value = share ? step : preset.real(parameter.name()) * step;
                    all.add(preset.with(parameter.name(), value));
                }
            }
        }
        all.add(preset);
        return all.stream().map(settings -> new PolicyChoice(policy, settings)).toList();
    }

    /**
     * Runs every choice for all heads.
     *
     * @param each hears of each point as it comes
     * @throws org.headlight.engine.problem.CancelledException when the progress says so; the points
     *     so far have been told
     */
    public static List<FrontierPoint> run(
            SparseStudy study,
            DenseRun dense,
            int prompt,
            List<PolicyChoice> choices,
            SparseOptions options,
            Consumer<FrontierPoint> each,
            Progress progress) {
        List<FrontierPoint> points = new ArrayList<>();
        for (PolicyChoice choice : choices) {
            double from = (double) points.size() / choices.size();
            double to = (points.size() + 1.0) / choices.size();
            progress.at(from, choice.text());
            FrontierPoint point =
                    new FrontierPoint(
                            choice,
                            study.run(
                                    dense,
                                    prompt,
                                    Assignment.everywhere(choice),
                                    options,
                                    progress.part(from, to)));
            points.add(point);
            each.accept(point);
        }
        return List.copyOf(points);
    }

    /**
     * The points that no other beats: none is at most as dear and loses at most as much, and less
     * of one. Points whose cost or loss is not known, and oracles, never count.
     */
    public static List<FrontierPoint> best(
            List<FrontierPoint> points, FrontierPoint.Cost cost, FrontierPoint.Loss loss) {
        List<FrontierPoint> known =
                points.stream()
                        .filter(p -> !Double.isNaN(p.cost(cost)) && !Double.isNaN(p.loss(loss)))
                        .filter(p -> p.choice().info().honesty() != Honesty.ORACLE)
                        .toList();
        return known.stream()
                .filter(p -> known.stream().noneMatch(other -> beats(other, p, cost, loss)))
                .toList();
    }

    private static boolean beats(
            FrontierPoint a, FrontierPoint b, FrontierPoint.Cost cost, FrontierPoint.Loss loss) {
        double dearer = a.cost(cost) - b.cost(cost);
        double worse = a.loss(loss) - b.loss(loss);
        return dearer <= 0 && worse <= 0 && (dearer < 0 || worse < 0);
    }
}
