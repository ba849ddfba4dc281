package org.headlight.app.sparse;

import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.viz.chart.FrontierPlot;

import java.util.ArrayList;
import java.util.List;

/**
 * How a table of policies is drawn.
 *
 * @param table the points, and what is traded for what
 * @param logCost whether the cost's axis is logarithmic
 * @param logLoss whether the loss's axis is
 */
public record FrontierFigure(FrontierTable table, boolean logCost, boolean logLoss) {
    private static final double NOTHING = 1e-6;

    /** The plot. */
    public FrontierPlot plot() {
        return new FrontierPlot(dots(), across(), up());
    }

    /** A dot for each point of the table, in its order. */
    public List<FrontierPlot.Dot> dots() {
        List<FrontierPlot.Dot> dots = new ArrayList<>();
        List<FrontierPoint> front = table.front();
        for (FrontierPoint point : table.points()) {
            dots.add(
                    new FrontierPlot.Dot(
                            point.choice().info().name(),
                            point.cost(table.cost()),
                            lost(point),
                            kind(point),
                            front.contains(point)));
        }
        return dots;
    }

    /** What is traded. */
    public FrontierPlot.Measure across() {
        return new FrontierPlot.Measure(costName(), logCost);
    }

    /** For what. */
    public FrontierPlot.Measure up() {
        return new FrontierPlot.Measure(lossName(), logLoss);
    }

    /** What the marks mean, for a caption. */
    public String note() {
        return "line: settings that no other beats; hollow: surrogates; small, grey: upper bounds"
                + (logCost || logLoss ? "; zeros stand at the edge of a logarithmic axis" : "");
    }

    /** A title. */
    public String title() {
        return "What sparse policies cost and lose";
    }

    /** On a logarithmic axis less than a millionth is nothing: float32 gives no more. */
    private double lost(FrontierPoint point) {
        double lost = point.loss(table.loss());
        return logLoss && lost < NOTHING ? 0 : lost;
    }

    private static FrontierPlot.Kind kind(FrontierPoint point) {
        return switch (point.choice().info().honesty()) {
            case FULL -> FrontierPlot.Kind.METHOD;
            case SURROGATE -> FrontierPlot.Kind.SURROGATE;
            case ORACLE -> FrontierPlot.Kind.ORACLE;
        };
    }

    private String costName() {
        return switch (table.cost()) {
            case DENSITY -> "density: kept over visible pairs";
            case TIME -> "attention with the choosing, milliseconds";
        };
    }

    private String lossName() {
        return switch (table.loss()) {
            case KL -> "KL of the next token, nats";
            case OUTPUT -> "output error of the worst layer, relative";
            case MISSED -> "attention missed: 1 - recall";
            case LOSS -> "loss of the continuation over the dense one, less 1";
        };
    }
}
