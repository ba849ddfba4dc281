package org.headlight.app.cli;

import org.headlight.analysis.retrieval.HeadMask;
import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.NeedleGrid;
import org.headlight.analysis.retrieval.RetrievalPlan;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.RetrievalStudy;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.app.retrieval.RetrievalDefaults;
import org.headlight.app.retrieval.RetrievalJson;
import org.headlight.app.retrieval.RetrievalResult;
import org.headlight.assets.Assets;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Finds the heads that copy an answer out of a long text. */
@Command(
        name = "retrieval",
        description =
                "Finds retrieval heads (Wu et al. 2024): hides facts in a long text, asks for them,"
                        + " and scores each head by the answer's tokens that it copied.",
        footer = {
            "",
            "Trials are kept as they finish, so that a command that was cut off goes on where it"
                    + " was",
            "and other lengths or depths cost only what is new.",
            "",
            "Examples:",
            "  headlight retrieval demo",
            "  headlight retrieval DIR --lengths 500:4000:8 --depths 0:100:10 --json",
            "  headlight retrieval demo --lengths 512 --mask top:3,random:3"
        })
final class RetrievalCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private RetrievalOptions options = new RetrievalOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--evidence",
            description = "With --json, lists for each trial which step copied from where.")
    private boolean evidence;

    @SuppressWarnings("NullAway.Init")
    RetrievalCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        options.check();
        Usage.of(spec).belong(common.json(), "--json", "--evidence");
        try (CommandProgress progress = common.progress(context);
                Model model = model(progress.part(0, 0.05))) {
            RetrievalResult result = result(model, progress.part(0.05, 1));
            progress.clear();
            if (common.json()) {
                Json.print(
                        source.told(RetrievalJson.of(result, options.kind(), evidence)),
                        context.out());
            } else {
                print(result);
            }
            if (result.scores().succeeded() == 0) {
                context.err().println(noSuccess(result));
            }
        }
        return 0;
    }

    private Model model(Progress progress) {
        return source.openModel(
                spec.commandLine(), progress, ", which cannot answer questions; open a model.");
    }

    private RetrievalResult result(Model model, Progress progress) {
        RetrievalDefaults defaults = new RetrievalDefaults(new Assets());
        GivenInput.checkWrites(model);
        RetrievalPlan plan = options.plan(defaults, model.info());
        RetrievalStudy study = new RetrievalStudy(model, plan, options.store(defaults));
        List<RetrievalOptions.MaskWish> wishes = options.masks();
        double share = 1.0 / (1 + wishes.size());
        List<Trial> trials = study.run(trial -> {}, progress.part(0, share));
        RetrievalScores scores = RetrievalScores.of(trials, plan.settings().success());
        List<RetrievalResult.Masked> masked = new ArrayList<>();
        for (int i = 0; i < wishes.size(); i++) {
            HeadMask mask = wishes.get(i).heads(scores, options.kind(), options.seed());
            masked.add(
                    new RetrievalResult.Masked(
                            mask,
                            options.phase(),
                            options.seed(),
                            study.masked(
                                    mask,
                                    options.phase(),
                                    trials,
                                    trial -> {},
                                    progress.part((i + 1) * share, (i + 2) * share))));
        }
        return new RetrievalResult(model.info().name(), plan, trials, masked);
    }

    private void print(RetrievalResult result) {
        RetrievalScores scores = result.scores();
        context.out()
                .println(
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d trials succeeded (ROUGE-1 recall above %s); scores are"
                                        + " means over those.",
                                scores.succeeded(),
                                scores.trials(),
                                Table.number(result.plan().settings().success())));
        if (scores.succeeded() > 0) {
            heads(scores);
        }
        grid("no mask", result.grid());
        for (RetrievalResult.Masked of : result.masked()) {
            String heads =
                    of.mask().heads().stream()
                            .map(RetrievalCommand::name)
                            .collect(Collectors.joining(", "));
            grid(of.mask().name() + " masked (" + heads + ")", result.grid(of));
            if (of.mask().elsewhere() > 0) {
                context.out()
                        .println(
                                of.mask().elsewhere()
                                        + " of them from other layers, where these had no others.");
            }
        }
    }

    private static String name(HeadAddress head) {
        return "L" + head.layer() + "H" + head.head();
    }

    private void heads(RetrievalScores scores) {
        context.out()
                .println(
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d heads score %s or more.",
                                scores.above(options.kind(), RetrievalScores.RETRIEVAL_HEAD),
                                scores.heads().size(),
                                Table.number(RetrievalScores.RETRIEVAL_HEAD)));
        context.out().println();
        Table table = new Table("head", "score (set)", "score (count)", "activation", "copied");
        for (HeadScore head : scores.ranked(options.kind()).stream().limit(SHOWN).toList()) {
            table.row(
                    head.name(),
                    Table.number(head.set()),
                    Table.number(head.count()),
                    Table.number(head.activation()),
                    Integer.toString(head.copied()));
        }
        table.print(context.out());
    }

    private void grid(String title, NeedleGrid grid) {
        context.out().println();
        context.out()
                .println(
                        String.format(
                                Locale.ROOT,
                                "Recall, %s: %s on average, %,d of %,d succeeded. Depth down,"
                                        + " length across.",
                                title,
                                Table.number(grid.recall()),
                                grid.succeeded(),
                                grid.trials()));
        List<String> header = new ArrayList<>(List.of("depth %"));
        grid.lengths().forEach(length -> header.add(Integer.toString(length)));
        Table table = new Table(header.toArray(String[]::new));
        for (int depth = 0; depth < grid.depths().size(); depth++) {
            List<String> row = new ArrayList<>(List.of(Table.number(grid.depths().get(depth))));
            for (int length = 0; length < grid.lengths().size(); length++) {
                row.add(Table.number(grid.cell(length, depth).recall()));
            }
            table.row(row.toArray(String[]::new));
        }
        table.print(context.out());
    }

    private static String noSuccess(RetrievalResult result) {
        return "None of the "
                + result.trials().size()
                + " trials succeeded, so no head has a score; take shorter lengths, other needles,"
                + " or a model that answers them.";
    }
}
