package org.headlight.app.cli;

import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.analysis.sparse.run.Repeats;
import org.headlight.analysis.sparse.run.SettledTimes;
import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.app.sparse.SparseJson;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.concurrent.Callable;

/** A run with sparse attention, held against the dense one. */
@Command(
        name = "sparse",
        description =
                "Runs a model with sparse attention, and measures what that keeps, loses and"
                        + " saves.",
        footer = {
            "",
            "density is kept over visible pairs; computed what the kernels really computed.",
            "recall is the kept share of the dense probability, over the rows that leave something",
            "out; oracle that of the best choice of as many pairs. outputError is relative, of the",
            "worst layer. kl, top1Agreement and lossRatio are over the continuation, not the"
                    + " prompt.",
            "Times are in milliseconds, of the fastest of several runs where a run is short. A",
            "policy that acts on the continuation is held against dense attention step by step.",
            "",
            "Examples:",
            "  headlight policies",
            "  headlight sparse demo --policy xattention --set threshold=0.8",
            "  headlight sparse DIR --text-file a.txt --policy vertical-slash --decode quest"
                    + " --json",
            "  headlight sparse demo --policy a-shape --policy xattention@L1,L2H4",
            "  headlight sparse demo --policy a-shape --needle 4821"
        })
final class SparseCommand implements Callable<Integer> {
    private final CommandContext context;
    private final PolicyCatalog catalog;

    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private PolicyOptions policies = new PolicyOptions();
    @Mixin private StudyOptions study = new StudyOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    SparseCommand(CommandContext context, PolicyCatalog catalog) {
        this.context = context;
        this.catalog = catalog;
    }

    @Override
    public Integer call() {
        policies.check(catalog);
        study.check();
        try (CommandProgress progress = common.progress(context);
                Model model =
                        new SparseModel(source).open(input.commandLine(), progress.part(0, 0.1))) {
            List<Token> tokens = input.tokens(model, source.demo());
            PolicyOptions.Chosen chosen = policies.chosen(model.info(), tokens.size());
            SparseResult result = run(model, tokens, chosen, progress.part(0.1, 1));
            progress.clear();
            if (common.json()) {
                Json.print(
                        source.told(
                                SparseJson.result(model.info().name(), result, chosen.scopes())),
                        context.out());
            } else {
                new SparseTables(context.out()).print(result, chosen.scopes());
            }
        }
        return 0;
    }

    private SparseResult run(
            Model model, List<Token> tokens, PolicyOptions.Chosen chosen, Progress progress) {
        int prompt = study.prompt(model, tokens);
        SparseOptions options = study.options(tokens);
        SparseStudy runs = new SparseModel(source).study(model, progress);
        SettledTimes settled = new SettledTimes(runs, Repeats.THOROUGH);
        boolean capture = SparseStudy.needsCapture(chosen.assignment());
        try (SettledTimes.Dense dense = settled.dense(tokens, capture, progress.part(0, 0.3))) {
            SparseResult result =
                    runs.run(
                            dense.run(),
                            prompt,
                            chosen.assignment(),
                            options,
                            progress.part(0.3, 0.85));
            return settled.sparse(dense, result, progress.part(0.85, 1));
        }
    }
}
