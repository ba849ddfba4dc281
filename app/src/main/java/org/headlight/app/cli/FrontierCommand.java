package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.app.sparse.FrontierFigure;
import org.headlight.app.sparse.FrontierTable;
import org.headlight.assets.Assets;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.viz.export.ChartFigure;
import org.headlight.viz.export.Provenance;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/** Many policies and settings over one text. */
@Command(
        name = "frontier",
        description =
                "Runs many sparse policies and settings over one text, and writes what each costs"
                        + " and loses as a table and a plot.",
        footer = {
            "",
            "Each policy runs with the preset for the length, and with its first parameter"
                    + " (policies --json: knob)",
            "at a quarter to four times that, or at 0.5 to 0.99 where it is a share.",
            "",
            "Examples:",
            "  headlight frontier demo --policies a-shape,xattention --out table.csv --plot"
                    + " front.svg",
            "  headlight frontier DIR --text-file a.txt --policies all --cost time --loss loss"
                    + " --out t.csv"
        })
final class FrontierCommand implements Callable<Integer> {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 460;

    private final CommandContext context;
    private final PolicyCatalog catalog;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private StudyOptions study = new StudyOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(
            names = "--policies",
            required = true,
            paramLabel = "NAMES",
            description = "Policies with commas between, or all.")
    private String policies = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The table to write: .csv.")
    private Path out = Path.of("");

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "The plot to write: .svg, .pdf or .png.")
    private @Nullable Path plot;

    @Option(
            names = "--cost",
            paramLabel = "WHAT",
            description = "density, or time: choosing and attending (default: density).")
    private String cost = "density";

    @Option(
            names = "--loss",
            paramLabel = "WHAT",
            description =
                    "kl of the next token, output error of the worst layer, missed attention, or"
                            + " loss of the continuation (default: kl; output where the model"
                            + " predicts no next token).")
    private @Nullable String loss;

    @Option(
            names = "--log",
            paramLabel = "AXES",
            description = "Axes that are logarithmic: cost, loss or cost,loss.")
    private String log = "";

    @SuppressWarnings("NullAway.Init")
    FrontierCommand(CommandContext context, PolicyCatalog catalog) {
        this.context = context;
        this.catalog = catalog;
    }

    @Override
    public Integer call() {
        List<Policy> chosen = chosen();
        FrontierPoint.Cost traded =
                new WordOption<>("--cost", FrontierPoint.Cost.class).of(cost, spec);
        String given = loss;
        FrontierPoint.Loss asked =
                new WordOption<>("--loss", FrontierPoint.Loss.class)
                        .of(given == null ? "kl" : given, spec);
        Set<String> axes = axes();
        Usage.of(spec).belong(plot != null, "--plot", "--log");
        study.check();
        checkFiles();
        try (CommandProgress progress = common.progress(context);
                Model model =
                        new SparseModel(source).open(spec.commandLine(), progress.part(0, 0.05))) {
            List<Token> tokens = input.tokens(model, source.demo());
            FrontierPoint.Loss lost = lost(model, asked, given != null);
            FrontierRun run =
                    new FrontierRun(
                            new SparseModel(source).study(model, progress.part(0.05, 0.1)),
                            tokens,
                            study.prompt(model, tokens),
                            study.options(tokens));
            run.all(chosen, traded == FrontierPoint.Cost.TIME, progress.part(0.1, 1));
            progress.check();
            FrontierTable table = new FrontierTable(run.points(), traded, lost);
            table.write(out);
            Path picture = plot;
            if (picture != null) {
                draw(
                        new FrontierFigure(table, axes.contains("cost"), axes.contains("loss")),
                        model,
                        tokens.size(),
                        picture);
            }
            progress.clear();
            report(table, run, study.prompt(model, tokens), tokens.size());
        }
        return 0;
    }

    /** What is lost: what was asked for, if the model gives it. */
    private static FrontierPoint.Loss lost(Model model, FrontierPoint.Loss asked, boolean given) {
        if (SparseStudy.predicts(model) || !asked.ofNextTokens()) {
            return asked;
        }
        if (given) {
            throw new BadInputException(
                    model.info().name()
                            + " predicts no next token, so there is no "
                            + asked.name().toLowerCase(Locale.ROOT)
                            + " to compare; use --loss output or --loss missed.");
        }
        return FrontierPoint.Loss.OUTPUT;
    }

    private List<Policy> chosen() {
        if (policies.strip().equals("all")) {
            return catalog.all();
        }
        Set<Policy> chosen = new LinkedHashSet<>();
        for (String name : policies.split(",", -1)) {
            try {
                chosen.add(catalog.find(name));
            } catch (BadInputException e) {
                throw wrong("--policies: " + e.getMessage());
            }
        }
        return List.copyOf(chosen);
    }

    private Set<String> axes() {
        Set<String> axes = new LinkedHashSet<>();
        for (String axis : log.isEmpty() ? new String[0] : log.split(",", -1)) {
            if (!axis.equals("cost") && !axis.equals("loss")) {
                throw wrong("--log is \"" + log + "\"; expected cost, loss or cost,loss.");
            }
            axes.add(axis);
        }
        return axes;
    }

    private void checkFiles() {
        if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
            throw wrong("--out " + out + ": the table is CSV; give the file the ending .csv.");
        }
        new OutputFile(out).check(source, input.file());
        Path picture = plot;
        if (picture != null) {
            try {
                ChartFigure.check(picture);
            } catch (BadInputException e) {
                throw wrong("--plot " + e.getMessage());
            }
            new OutputFile(picture).check(source, input.file());
        }
    }

    private void draw(FrontierFigure figure, Model model, int tokens, Path picture) {
        Provenance from =
                new Provenance(
                        model.info().name(),
                        model.info().hash(),
                        tokens,
                        "Headlight " + Version.number(),
                        new GivenCommand(spec).text());
        new ChartFigure(new Assets())
                .write(
                        figure.plot(),
                        WIDTH,
                        HEIGHT,
                        new ChartFigure.Words(false, figure.title(), figure.note(), from),
                        picture);
    }

    private void report(FrontierTable table, FrontierRun run, int prompt, int tokens) {
        if (common.json()) {
            JsonObject json = new JsonObject();
            json.addProperty("file", out.toString());
            if (plot != null) {
                json.addProperty("plot", plot.toString());
            }
            json.addProperty("tokens", tokens);
            json.addProperty("prompt", prompt);
            json.addProperty("cost", table.cost().name().toLowerCase(Locale.ROOT));
            json.addProperty("loss", table.loss().name().toLowerCase(Locale.ROOT));
            json.add("points", table.json());
            JsonArray notes = new JsonArray();
            run.notes().forEach(notes::add);
            json.add("warnings", notes);
            Json.print(source.told(json), context.out());
            return;
        }
        print(table);
        List<String> files = new ArrayList<>(List.of(out.toString()));
        if (plot != null) {
            files.add(plot.toString());
        }
        context.out()
                .println(
                        table.points().size()
                                + " settings of "
                                + table.points().stream()
                                        .map(p -> p.choice().info().name())
                                        .distinct()
                                        .count()
                                + " policies: "
                                + String.join(", ", files));
        run.notes().forEach(context.out()::println);
    }

    private void print(FrontierTable table) {
        Table front =
                new Table(
                        "not beaten",
                        "settings",
                        table.cost().name().toLowerCase(Locale.ROOT),
                        table.loss().name().toLowerCase(Locale.ROOT));
        for (FrontierPoint point : table.front()) {
            front.row(
                    point.choice().info().name(),
                    point.choice().settings().text(),
                    Table.number(point.cost(table.cost())),
                    Table.number(point.loss(table.loss())));
        }
        front.print(context.out());
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
