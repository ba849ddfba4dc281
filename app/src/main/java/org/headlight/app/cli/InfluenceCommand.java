package org.headlight.app.cli;

import org.headlight.analysis.influence.AttentionInfluence;
import org.headlight.analysis.influence.Corpus;
import org.headlight.analysis.influence.Document;
import org.headlight.analysis.influence.DocumentScore;
import org.headlight.analysis.influence.HeadFinder;
import org.headlight.analysis.influence.ImportantHeads;
import org.headlight.analysis.influence.InfluenceRanking;
import org.headlight.app.influence.InfluenceJson;
import org.headlight.assets.Assets;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which documents need the heads that retrieve. */
@Command(
        name = "influence",
        description =
                "Scores the documents of a corpus by what they lose when the heads that retrieve"
                        + " are masked (AttentionInfluence, arXiv 2505.07293).",
        footer = {
            "",
            "A corpus is JSONL, an object a line with \"text\" and perhaps \"id\" and \"domain\","
                    + " or a",
            "text whose documents stand between empty lines. Ctrl-C keeps what is done: it is",
            "printed, and the exit status is 130.",
            "",
            "Examples:",
            "  headlight influence demo",
            "  headlight influence DIR --corpus documents.jsonl --json",
            "  headlight influence DIR --corpus documents.jsonl --heads L2H4,L2H0"
        })
final class InfluenceCommand implements Callable<Integer> {
    private static final int ID_WIDTH = 24;

    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InfluenceOptions options = new InfluenceOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--corpus",
            paramLabel = "FILE",
            description = "The documents, *.jsonl or a text (default for demo: a small example).")
    private @Nullable Path corpus;

    @SuppressWarnings("NullAway.Init")
    InfluenceCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<HeadAddress> named = options.named();
        double share = options.select();
        options.task();
        options.headShare();
        options.context();
        options.check();
        try (CommandProgress progress = common.progress(context);
                Corpus documents = documents();
                Model model = model(progress.part(0, 0.05))) {
            ImportantHeads found = named.isEmpty() ? found(model, progress.part(0.05, 0.5)) : null;
            List<HeadAddress> masked = found == null ? named : found.chosen();
            Progress rest = progress.part(found == null ? 0.05 : 0.5, 1);
            List<DocumentScore> scores = new ArrayList<>();
            boolean complete = score(model, masked, documents, scores, rest);
            progress.clear();
            if (common.json()) {
                Json.print(
                        source.told(
                                InfluenceJson.of(
                                        model.info().name(),
                                        found,
                                        masked,
                                        scores,
                                        share,
                                        complete)),
                        context.out());
            } else {
                table(found, masked, scores, share);
            }
            return complete ? 0 : new CancelledException().exitStatus();
        }
    }

    private Corpus documents() {
        Path file = corpus;
        if (file != null) {
            return Corpus.open(file);
        }
        if (!source.demo()) {
            // Documents are of no use to a source that cannot be run on them.
            model(Progress.NONE).close();
            throw Usage.of(spec)
                    .wrong(
                            "influence needs documents: give it --corpus FILE, a text or JSONL"
                                    + " file.");
        }
        return Corpus.ofJsonLines("the example corpus", new Assets().exampleCorpus());
    }

    private Model model(Progress progress) {
        Model model =
                source.openModel(
                        spec.commandLine(),
                        progress,
                        ", which cannot be run on documents; open a model.");
        boolean fit = false;
        try {
            AttentionInfluence.checkDecoder(model);
            fit = true;
            return model;
        } finally {
            if (!fit) {
                model.close();
            }
        }
    }

    private ImportantHeads found(Model model, Progress progress) {
        Optional<Path> values = options.values();
        List<String> sentences =
                values.isPresent()
                        ? GivenInput.read(values.get())
                                .lines()
                                .filter(line -> !line.isBlank())
                                .toList()
                        : new Assets().sentences();
        return new HeadFinder(model, options.task(), options.headShare()).find(sentences, progress);
    }

    /** Whether the whole corpus was read; what was cancelled keeps what is done. */
    private boolean score(
            Model model,
            List<HeadAddress> masked,
            Corpus documents,
            List<DocumentScore> scores,
            Progress progress) {
        AttentionInfluence influence = new AttentionInfluence(model, masked, options.context());
        try {
            Optional<Document> next = documents.next();
            while (next.isPresent()) {
                progress.check();
                scores.add(influence.score(next.get(), stage(progress, documents, scores.size())));
                next = documents.next();
            }
        } catch (CancelledException e) {
            if (scores.isEmpty()) {
                throw e;
            }
            return false;
        }
        if (scores.isEmpty()) {
            throw new BadInputException(
                    corpus + " has no documents; give a text or a JSONL file with some.");
        }
        return true;
    }

    private static Progress stage(Progress progress, Corpus documents, int done) {
        double fraction = documents.fraction();
        progress.at(fraction, String.format(Locale.ROOT, "Reading document %,d", done + 1));
        return new Progress() {
            @Override
            public void at(double part, String stage) {
                // Documents are what is counted.
            }

            @Override
            public boolean cancelled() {
                return progress.cancelled();
            }
        };
    }

    private void table(
            @Nullable ImportantHeads found,
            List<HeadAddress> masked,
            List<DocumentScore> scores,
            double share) {
        Set<Integer> selected = InfluenceRanking.selected(scores, share);
        Table table =
                new Table("document", "domain", "tokens", "loss", "masked", "score", "selected");
        IntStream.range(0, scores.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -order(scores.get(i))))
                .forEach(i -> {
                    DocumentScore score = scores.get(i);
                    String id = score.id();
                    table.row(
                            id.length() > ID_WIDTH ? id.substring(0, ID_WIDTH) : id,
                            score.domain(),
                            String.valueOf(score.tokens()),
                            Table.number(score.lossBase()),
                            Table.number(score.lossMasked()),
                            Table.number(score.score()),
                            selected.contains(i) ? "yes" : "");
                });
        table.print(context.out());
        context.out().println();
        context.out()
                .println(
                        "heads masked: "
                                + masked.stream()
                                        .map(head -> "L" + head.layer() + "H" + head.head())
                                        .collect(Collectors.joining(" ")));
        if (found != null) {
            context.out()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "found by %,d samples of %.1f keys; the model answers %.0f %%"
                                            + " of their tokens",
                                    found.samples(),
                                    found.pairs(),
                                    100 * found.accuracy()));
        }
    }

    private static double order(DocumentScore score) {
        return Double.isNaN(score.score()) ? Double.NEGATIVE_INFINITY : score.score();
    }
}
