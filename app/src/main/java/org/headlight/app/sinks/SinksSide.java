package org.headlight.app.sinks;

import javafx.scene.control.Separator;

import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.open.FileDialogs;
import org.headlight.app.reading.FactGrid;
import org.headlight.app.reading.NumberSpinner;
import org.headlight.app.reading.SidePane;

/** The thresholds, many prompts, and the two experiments. */
final class SinksSide extends SidePane {
    SinksSide(
            SinksViewModel sinks,
            PromptRateViewModel prompts,
            CalibrationViewModel calibration,
            EvictionViewModel eviction,
            ExploreViewModel explore,
            FileDialogs dialogs) {
        FactGrid thresholds = new FactGrid(1);
        thresholds.control(
                "Receives more than",
                NumberSpinner.fraction(
                        sinks.thresholdProperty(),
                        0,
                        0.999,
                        0.01,
                        "Threshold of the list",
                        "Mean attention above which a token is listed and marked; 0.1 in the code"
                                + " of Yu et al. 2024."));
        thresholds.control(
                "from at least (queries)",
                NumberSpinner.whole(
                        sinks.minQueriesProperty(),
                        1,
                        1_000_000,
                        1,
                        "Least queries",
                        "The last tokens of a text are looked at by few queries, and easily"
                                + " receive much on average; 1 lists them too."));
        thresholds.control(
                "\u03b5 of the sink rate",
                NumberSpinner.fraction(
                        sinks.epsilonProperty(),
                        0,
                        0.999,
                        0.05,
                        "Epsilon",
                        "Mean attention above which a head counts for the sink rate; 0.3 in Gu et"
                                + " al. 2024."));
        put(
                title("When is a token a sink?"),
                thresholds,
                new Separator(),
                new PromptRateCard(prompts, sinks.epsilonProperty(), dialogs),
                new Separator(),
                new CalibrationCard(calibration, explore),
                new Separator(),
                new EvictionCard(eviction));
    }
}
