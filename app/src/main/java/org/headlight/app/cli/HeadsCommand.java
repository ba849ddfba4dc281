package org.headlight.app.cli;

import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.HeadStatistics;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.analysis.heads.probe.HeadProbe;
import org.headlight.analysis.heads.probe.RepeatedText;
import org.headlight.app.atlas.AtlasJson;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** Every head in numbers: what it is. */
@Command(
        name = "heads",
        description =
                "Measures every head: entropy, distance, sink, previous token, induction, pattern,"
                        + " likeness ...",
        footer = {
            "",
            "entropy in nats and distance in tokens are means over rows; previous, duplicate and",
            "induction are TransformerLens's mul measure: the share of all attention on the"
                    + " pattern.",
            "--probe runs a model on random tokens that repeat, instead of on a text of yours.",
            "--rollout and --flow follow one token through all layers instead.",
            "",
            "Examples:",
            "  headlight heads demo --text \"one two three one two three\"",
            "  headlight heads demo --probe --json",
            "  headlight heads demo --text \"one two three one two\" --rollout"
        })
final class HeadsCommand implements Callable<Integer> {
    /** A probe: pieces of 24 tokens, each again after a gap of up to 64 tokens. */
    private static final int PIECES = 6;

    private static final int PIECE = 24;
    private static final int LARGEST_GAP = 64;

    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private RolloutOptions rollout = new RolloutOptions();

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            defaultValue = "0.3",
            description = "Received mass above which key 0 is a sink (default: ${DEFAULT-VALUE}).")
    private double epsilon = HeadSurvey.SINK_EPSILON;

    @Option(
            names = "--cut",
            paramLabel = "D",
            defaultValue = "0.35",
            description =
                    "Mean distance up to which like heads are put together, 0 to 1 (default:"
                            + " ${DEFAULT-VALUE}).")
    private double cut = HeadAtlas.CUT;

    @Option(names = "--probe", description = "Run the model on random tokens that repeat.")
    private boolean probe;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of the probe (default: ${DEFAULT-VALUE}).")
    private long seed;

    @SuppressWarnings("NullAway.Init")
    HeadsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!(cut >= 0 && cut <= 1) || !(epsilon >= 0 && epsilon <= 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--cut and --epsilon must be from 0 to 1.");
        }
        if (probe && input.present()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--probe makes its own text; leave out --text, --text-file, --tokens and"
                            + " --tokens-file.");
        }
        if (probe && rollout.present()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rollout and --flow follow tokens of a text; leave out --probe.");
        }
        rollout.check(common.json());
        Usage usage = Usage.of(spec);
        usage.belong(probe, "--probe", "--seed");
        usage.idle(rollout.present(), "beside --rollout and --flow", "--epsilon", "--cut");
        usage.belong(common.json(), "--json", "--cut");
        try (CommandProgress progress = common.progress(context)) {
            if (rollout.present()) {
                follow(progress);
            } else if (probe) {
                probed(progress);
            } else {
                try (Capture capture = source.capture(input, progress.part(0, 0.5))) {
                    report(capture, null, progress, 0.5);
                }
            }
        }
        return 0;
    }

    private void follow(CommandProgress progress) {
        try (Capture capture = source.capture(input, progress.part(0, 0.5))) {
            rollout.run(
                    capture,
                    common.json(),
                    SweepOptions.standard().withThreads(source.threads()),
                    new RolloutOptions.Output(
                            progress.part(0.5, 1), progress::clear, context.out(), source::told));
        }
    }

    private void probed(CommandProgress progress) {
        String not = "; --probe runs a model, so give a model folder or an .onnx file.";
        try (Model model = source.openModel(spec.commandLine(), progress.part(0, 0.2), not)) {
            RepeatedText text =
                    RepeatedText.varied(
                            PIECES,
                            PIECE,
                            LARGEST_GAP,
                            RepeatedText.Vocabulary.of(model.info().vocabulary()),
                            seed);
            HeadProbe scores =
                    HeadProbe.of(model, text, SweepOptions.standard(), progress.part(0.2, 0.5));
            try (Capture capture = model.capture(text.tokens(), progress.part(0.5, 0.8))) {
                report(capture, scores, progress, 0.8);
            }
        }
    }

    private void report(
            Capture capture, @Nullable HeadProbe scores, CommandProgress progress, double done) {
        boolean named = AtlasJson.named(capture);
        HeadAtlas atlas =
                HeadAtlas.of(
                        capture,
                        SweepOptions.standard().withThreads(source.threads()),
                        epsilon,
                        progress.part(done, 1));
        progress.clear();
        if (common.json()) {
            Json.print(
                    source.told(
                            new AtlasJson(atlas, named, cut)
                                    .document(capture.info().source(), capture.tokens(), scores)),
                    context.out());
        } else {
            table(atlas, named);
        }
    }

    /** Repetition means nothing where the tokens have no ids. */
    private static double known(double value, boolean named) {
        return named ? value : Double.NaN;
    }

    private void table(HeadAtlas atlas, boolean named) {
        Table table =
                new Table(
                        "head",
                        "entropy",
                        "distance",
                        "received0",
                        "sink",
                        "previous",
                        "duplicate",
                        "induction",
                        "locality",
                        "confidence",
                        "kind",
                        "pattern");
        for (HeadPortrait portrait : atlas.heads()) {
            HeadStatistics head = portrait.statistics();
            table.row(
                    head.name(),
                    Table.number(head.entropy()),
                    Table.number(head.meanDistance()),
                    Table.number(head.received0()),
                    Table.number(head.sinkRate()),
                    Table.number(head.previousToken()),
                    Table.number(known(head.duplicateToken(), named)),
                    Table.number(known(head.induction(), named)),
                    Table.number(head.locality()),
                    Table.number(head.confidence()),
                    portrait.kind().label(),
                    portrait.pattern().map(fit -> fit.family().label()).orElse("\u2013"));
        }
        table.print(context.out());
    }
}
