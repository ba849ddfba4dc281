package org.headlight.app.cli;

import org.headlight.analysis.sinks.CalibrationResult;
import org.headlight.analysis.sinks.EvictionResult;
import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.SinkReport;
import org.headlight.analysis.sinks.SinkSurvey;
import org.headlight.analysis.sinks.SinkThresholds;
import org.headlight.app.sinks.SinksJson;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.source.Source;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Attention sinks, and what becomes of the model without them. */
@Command(
        name = "sinks",
        description =
                "Finds attention sinks: tokens that receive much attention in a head. Runs a model"
                        + " again with sinks calibrated away or evicted, where asked.",
        footer = {
            "",
            "The received mass of a token is the mean attention that it gets from the queries that"
                    + " may look at it.",
            "The sink rate is the share of heads in which that is above epsilon (arXiv"
                    + " 2410.10781).",
            "Calibration is ACT (arXiv 2406.15765), eviction the experiment of StreamingLLM (arXiv"
                    + " 2309.17453).",
            "",
            "Examples:",
            "  headlight sinks demo",
            "  headlight sinks DIR --text-file a.txt --threshold 0.05 --json",
            "  headlight sinks DIR --prompts prompts.txt --length 64",
            "  headlight sinks demo --prompts haystack",
            "  headlight sinks demo --calibrate act-code --heads L2H1,L2H3 --beta 0.4",
            "  headlight sinks demo --evict --window 128 --first 4"
        })
final class SinksCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private PromptRateOptions prompts = new PromptRateOptions();
    @Mixin private CalibrationOptions calibration = new CalibrationOptions();
    @Mixin private EvictionOptions eviction = new EvictionOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            defaultValue = "0.3",
            description =
                    "Received mass above which a head counts for the sink rate (default: 0.3).")
    private double epsilon = SinkThresholds.STANDARD.epsilon();

    @Option(
            names = "--threshold",
            paramLabel = "T",
            defaultValue = "0.1",
            description =
                    "Received mass above which a token is listed, and calibrated by act-code"
                            + " (default: 0.1).")
    private double threshold = SinkThresholds.STANDARD.threshold();

    @Option(
            names = "--min-queries",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Lists tokens that at least so many queries may look at only: the last ones"
                            + " easily have a large mean (default: 1).")
    private int minQueries = SinkThresholds.STANDARD.minQueries();

    SinksCommand(CommandContext context) {
        this.context = context;
    }

    /** What was asked for. */
    private record Results(
            String source,
            List<Token> tokens,
            Optional<SinkReport> report,
            Optional<PromptRate> prompts,
            Optional<CalibrationResult> calibration,
            Optional<EvictionResult> eviction) {}

    @Override
    public Integer call() {
        SinkThresholds thresholds =
                Usage.of(input.commandLine().getCommandSpec())
                        .made(() -> new SinkThresholds(epsilon, threshold, minQueries));
        calibration.check(threshold);
        eviction.check();
        prompts.check();
        try (CommandProgress progress = common.progress(context);
                Source opened = source.open(input, progress.part(0, 0.1))) {
            Results results = run(opened, thresholds, progress.part(0.1, 1));
            progress.clear();
            if (common.json()) {
                SinksJson json = new SinksJson(results.source());
                results.report().ifPresent(report -> json.report(report, thresholds));
                results.prompts().ifPresent(json::prompts);
                results.calibration()
                        .ifPresent(result -> json.calibration(result, results.tokens()));
                results.eviction().ifPresent(json::eviction);
                Json.print(source.told(json.document()), context.out());
            } else {
                SinksTables tables = new SinksTables(context.out());
                results.report().ifPresent(report -> tables.report(report, thresholds));
                results.prompts().ifPresent(tables::prompts);
                results.calibration()
                        .ifPresent(result -> tables.calibration(result, results.tokens()));
                results.eviction().ifPresent(tables::eviction);
            }
        }
        return 0;
    }

    private Results run(Source opened, SinkThresholds thresholds, Progress progress) {
        SweepOptions sweep = SweepOptions.standard().withThreads(source.threads());
        return switch (opened) {
            case Source.CaptureSource(Capture capture) -> stored(capture, sweep, progress);
            case Source.ModelSource(Model model) -> ran(model, thresholds, sweep, progress);
        };
    }

    private Results stored(Capture capture, SweepOptions sweep, Progress progress) {
        if (input.present()) {
            throw new ParameterException(
                    input.commandLine(),
                    source.path()
                            + " is a capture or dump and has its tokens inside; leave out --text,"
                            + " --text-file, --tokens and --tokens-file.");
        }
        String again =
                prompts.present()
                        ? "--prompts runs"
                        : calibration.present() ? "--calibrate runs" : "--evict runs";
        if (prompts.present() || calibration.present() || eviction.present()) {
            throw new BadInputException(
                    source.path()
                            + " is a capture or dump, and "
                            + again
                            + " the model again; give the model itself.");
        }
        return new Results(
                capture.info().source(),
                capture.tokens(),
                Optional.of(SinkSurvey.of(capture, sweep, progress)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Results ran(
            Model model, SinkThresholds thresholds, SweepOptions sweep, Progress progress) {
        GivenInput.checkReads(model);
        boolean text =
                input.present()
                        || !prompts.present()
                        || calibration.present()
                        || eviction.present();
        List<Token> tokens = text ? input.tokens(model, source.demo()) : List.of();
        Optional<SinkReport> report = Optional.empty();
        if (text) {
            try (Capture capture = model.capture(tokens, progress.part(0, 0.15))) {
                report = Optional.of(SinkSurvey.of(capture, sweep, progress.part(0.15, 0.25)));
            }
        }
        Optional<PromptRate> rate =
                prompts.run(model, thresholds.epsilon(), sweep, progress.part(0.25, 0.5));
        Optional<CalibrationResult> calibrated =
                calibration.run(model, tokens, sweep, progress.part(0.5, 0.75));
        Optional<EvictionResult> evicted = eviction.run(model, tokens, progress.part(0.75, 1));
        return new Results(model.info().name(), tokens, report, rate, calibrated, evicted);
    }
}
