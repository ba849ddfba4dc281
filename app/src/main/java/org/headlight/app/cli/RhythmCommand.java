package org.headlight.app.cli;

import org.headlight.analysis.rhythm.CouplingStatistic;
import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmHead;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.RhythmSurvey;
import org.headlight.analysis.rhythm.RhythmToken;
import org.headlight.analysis.rhythm.Strategy;
import org.headlight.app.rhythm.RhythmInput;
import org.headlight.app.rhythm.RhythmJson;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.source.Source;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Where a response plans and what it leans on. */
@Command(
        name = "rhythm",
        description =
                "Measures the preplan-and-anchor rhythm of a response (arXiv 2510.13554): WAAD,"
                        + " FAI, preplan and anchor tokens, coupling and credit.",
        footer = {
            "",
            "The response is what --response-from says, what the model wrote (a capture of"
                    + " generate,",
            "or --max-tokens), or all of the text.",
            "",
            "Examples:",
            "  headlight rhythm demo --max-tokens 60 --horizon 5:25",
            "  headlight rhythm DIR --text-file answer.txt --response-from 120 --json",
            "  headlight rhythm written.safetensors --window 10 --horizon 0:end"
        })
final class RhythmCommand implements Callable<Integer> {
    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private RhythmOptions options = new RhythmOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--response-from",
            paramLabel = "I",
            description = "Position of the first token of the response.")
    private @Nullable Integer responseFrom;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Lets the model write a response of at most N tokens first.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "How it writes: 0 the most probable token (default), above 0 drawn.")
    private double temperature = Double.NaN;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The same seed gives the same text (default: 0).")
    private long seed;

    @SuppressWarnings("NullAway.Init")
    RhythmCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        RhythmSettings settings = options.settings();
        Strategy strategy = options.strategy();
        check();
        try (CommandProgress progress = common.progress(context)) {
            Rhythm rhythm;
            String name;
            switch (source.open(input, progress.part(0, 0.2))) {
                case Source.CaptureSource(Capture capture) -> {
                    try (capture) {
                        name = capture.info().source();
                        refuseInput();
                        rhythm = measured(capture, null, settings, progress.part(0.2, 1));
                    }
                }
                case Source.ModelSource(Model model) -> {
                    try (model) {
                        name = model.info().name();
                        rhythm = run(model, settings, progress.part(0.2, 1));
                    }
                }
            }
            progress.clear();
            if (common.json()) {
                Json.print(source.told(RhythmJson.of(name, rhythm, strategy)), context.out());
            } else {
                table(rhythm, strategy);
            }
        }
        return 0;
    }

    private void check() {
        Usage usage = Usage.of(spec);
        if (responseFrom != null && maxTokens != null) {
            throw usage.wrong(
                    "--response-from says where a response is, --max-tokens has one written; give"
                            + " one of them.");
        }
        if (responseFrom != null && responseFrom < 0) {
            throw usage.wrong(
                    "--response-from is " + responseFrom + "; expected a position from 0 on.");
        }
        Integer length = maxTokens;
        usage.belong(length != null, "--max-tokens", "--temperature", "--seed");
        usage.belong(!Double.isNaN(temperature), "--temperature", "--seed");
        if (length != null) {
            usage.made(() -> writing(length));
        }
    }

    private GenerationOptions writing(int length) {
        double drawn = Double.isNaN(temperature) ? 0 : temperature;
        return new GenerationOptions(length, new Sampling(drawn, 0, 1, seed), false);
    }

    private void refuseInput() {
        if (input.present()) {
            throw new ParameterException(
                    spec.commandLine(),
                    source.path()
                            + " is a capture or dump and has its tokens inside; leave out --text,"
                            + " --text-file, --tokens and --tokens-file.");
        }
        if (maxTokens != null) {
            throw new BadInputException(
                    source.path()
                            + " is a capture or dump, which cannot write text; open a model, or"
                            + " leave out --max-tokens.");
        }
    }

    private Rhythm run(Model model, RhythmSettings settings, Progress progress) {
        if (maxTokens != null) {
            GivenInput.checkWrites(model);
        }
        List<Token> tokens = input.tokens(model, source.demo());
        try (Capture capture = captured(model, tokens, progress.part(0, 0.5))) {
            double[] entropy =
                    RhythmInput.entropy(
                            Optional.of(model), capture.tokens(), progress.part(0.5, 0.7));
            return measured(capture, entropy, settings, progress.part(0.7, 1));
        }
    }

    private Capture captured(Model model, List<Token> tokens, Progress progress) {
        Integer length = maxTokens;
        if (length == null) {
            return model.capture(tokens, progress);
        }
        Generation done =
                model.generate(tokens, writing(length), GenerationListener.NONE, progress);
        if (progress.cancelled()) {
            done.close();
            throw new CancelledException();
        }
        return done.capture();
    }

    private Rhythm measured(
            Capture capture,
            double @Nullable [] entropy,
            RhythmSettings settings,
            Progress progress) {
        int from = responseFrom == null ? RhythmInput.responseFrom(capture) : responseFrom;
        return RhythmSurvey.of(
                capture,
                from,
                entropy,
                settings,
                SweepOptions.standard().withThreads(source.threads()),
                progress);
    }

    private void table(Rhythm rhythm, Strategy strategy) {
        Table table = new Table("position", "token", "WAAD", "FAI", "entropy", "what", "weight");
        for (RhythmToken token : rhythm.response()) {
            table.row(
                    String.valueOf(token.position()),
                    TokenLabel.of(token.token(), 20).text(),
                    Table.number(token.waad()),
                    Table.number(token.fai()),
                    Table.number(token.entropy()),
                    what(token.marks()),
                    Table.number(token.weight().of(strategy)));
        }
        table.print(context.out());
        context.out().println();
        context.out().println("local heads: " + names(rhythm.local()));
        context.out().println("global heads: " + names(rhythm.global()));
        if (!rhythm.receivers().isEmpty()) {
            context.out().println("receiver heads: " + names(rhythm.receivers()));
        }
        line("entropy at WAAD peaks", rhythm.coupling().entropyAtWaadPeaks());
        line("receiver peaks that are global", rhythm.coupling().receiverPeaksGlobal());
        line("FAI peaks on or after WAAD peaks", rhythm.coupling().faiPeaksAfterWaadPeaks());
        rhythm.notes().forEach(context.out()::println);
    }

    private void line(String name, CouplingStatistic statistic) {
        if (statistic.peaks() == 0) {
            return;
        }
        context.out()
                .println(
                        String.format(
                                Locale.ROOT,
                                "%s: %s observed, %s by chance (90 %% of shuffles within %s to"
                                        + " %s), lift %+.0f %%, p %s",
                                name,
                                Table.number(statistic.observed()),
                                Table.number(statistic.random()),
                                Table.number(statistic.low()),
                                Table.number(statistic.high()),
                                100 * statistic.lift(),
                                Table.number(statistic.p())));
    }

    private static String what(RhythmToken.Marks marks) {
        String text = (marks.preplan() ? "preplan " : "") + (marks.anchor() ? "anchor" : "");
        return text.strip();
    }

    private static String names(List<RhythmHead> heads) {
        return heads.stream().map(RhythmHead::name).collect(Collectors.joining(" "));
    }
}
