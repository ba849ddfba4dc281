package org.headlight.app.cli;

import org.headlight.analysis.antidiagonal.BlockQuality;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.analysis.antidiagonal.ScoreVariant;
import org.headlight.analysis.antidiagonal.SelectionRule;
import org.headlight.analysis.antidiagonal.XAttention;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.app.xattention.BlocksJson;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Antidiagonal block scores of every head, and how good the choice by them is. */
@Command(
        name = "xattention",
        description = "Scores blocks along antidiagonals (XAttention, arXiv 2503.16428).",
        footer = {
            "",
            "density is chosen blocks over blocks that exist; recall the share of all probability",
            "in them; oracleRecall that of as many blocks with the most mass; rankCorrelation",
            "Spearman's, of score and mass. profileThreshold is the threshold that the published",
            "profiling script would give the head for 90 %% of its mass.",
            "",
            "Example:",
            "  headlight xattention demo --block 64 --stride 8 --threshold 0.9 --json --masks"
        })
final class XAttentionCommand implements Callable<Integer> {
    private final CommandContext context;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--block",
            paramLabel = "B",
            description = "Queries and keys of a block (default: 128).")
    private int block = XAttentionOptions.defaults().block();

    @Option(
            names = "--stride",
            paramLabel = "S",
            description = "Tokens that are put into one; divides the block (default: 8).")
    private int stride = XAttentionOptions.defaults().stride();

    @Option(
            names = "--threshold",
            paramLabel = "T",
            description = "Share of a row's score that the chosen blocks reach (default: 0.9).")
    private double threshold = XAttentionOptions.defaults().threshold();

    @Option(
            names = "--select",
            paramLabel = "RULE",
            description =
                    "minimal for the paper's smallest cover, reference for what the published code"
                            + " does (default: minimal).")
    private String select = "minimal";

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description =
                    "antidiagonal, diagonal or random: the pairs that are added up (default:"
                            + " antidiagonal).")
    private String variant = "antidiagonal";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the random pairing (default: 0).")
    private long seed;

    @Option(
            names = "--chunk",
            paramLabel = "C",
            description =
                    "Queries that the reference rule takes at a time (default: as the published"
                            + " code).")
    private int chunk;

    @Option(
            names = "--profile",
            description = "Gives each head its profileThreshold instead of --threshold.")
    private boolean profile;

    @Option(
            names = "--masks",
            description = "Adds block sums, true sums and the mask of every head to the JSON.")
    private boolean masks;

    XAttentionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        XAttentionOptions options = options();
        try (CommandProgress progress = common.progress(context);
                Capture capture = source.capture(input, progress.part(0, 0.5))) {
            List<HeadBlocks> heads =
                    XAttention.survey(
                            capture,
                            options,
                            SweepOptions.standard().withThreads(source.threads()),
                            progress.part(0.5, 1));
            if (profile) {
                heads =
                        heads.stream()
                                .map(head -> head.chosenBy(head.profiled(), options.rule()))
                                .toList();
            }
            progress.clear();
            if (common.json()) {
                Json.print(
                        source.told(
                                new BlocksJson(masks)
                                        .document(
                                                capture.info().source(),
                                                capture.tokens().size(),
                                                options,
                                                heads)),
                        context.out());
            } else {
                table(heads);
            }
        }
        return 0;
    }

    private XAttentionOptions options() {
        SelectionRule rule = choice("--select", select, SelectionRule.values());
        ScoreVariant pairs = choice("--variant", variant, ScoreVariant.values());
        Usage usage = Usage.of(spec);
        XAttentionOptions options =
                usage.made(() ->
                        new XAttentionOptions(block, stride, threshold, rule, pairs, seed, chunk));
        usage.belong(pairs == ScoreVariant.RANDOM, "--variant random", "--seed");
        usage.belong(rule == SelectionRule.REFERENCE, "--select reference", "--chunk");
        usage.belong(common.json(), "--json", "--masks");
        usage.idle(profile, "beside --profile", "--threshold");
        return options;
    }

    private <E extends Enum<E>> E choice(String option, String word, E[] values) {
        for (E value : values) {
            if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
                return value;
            }
        }
        List<String> words =
                List.of(values).stream().map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
        throw new ParameterException(
                spec.commandLine(),
                option
                        + " is \""
                        + word
                        + "\"; expected "
                        + String.join(", ", words.subList(0, words.size() - 1))
                        + " or "
                        + words.getLast()
                        + ".");
    }

    private void table(List<HeadBlocks> heads) {
        Table table =
                new Table(
                        "head",
                        "density",
                        "recall",
                        "no sink",
                        "lowest",
                        "oracle",
                        "rank corr",
                        "missed",
                        "profile");
        for (HeadBlocks head : heads) {
            BlockQuality quality = head.quality();
            table.row(
                    head.name(),
                    Table.number(quality.density()),
                    Table.number(quality.recall()),
                    Table.number(quality.recallWithoutSink()),
                    Table.number(quality.lowestRecall()),
                    Table.number(quality.oracleRecall()),
                    Table.number(quality.rankCorrelation()),
                    Integer.toString(quality.missed().size()),
                    Table.number(head.profiled()));
        }
        table.print(context.out());
    }
}
