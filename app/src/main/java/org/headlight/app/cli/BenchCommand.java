package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.app.cli.bench.DecodeRun;
import org.headlight.app.cli.bench.Fork;
import org.headlight.app.cli.bench.OverheadRun;
import org.headlight.app.cli.bench.PictureRun;
import org.headlight.app.cli.bench.PiecesRun;
import org.headlight.app.cli.bench.RedrawRun;
import org.headlight.app.cli.bench.Rival;
import org.headlight.app.cli.bench.SurveyRun;
import org.headlight.assets.Assets;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** The table of the benchmark document. */
@Command(
        name = "bench",
        description = "Measures this machine: medians over processes of their own.",
        footer = {"", "Example:", "  headlight bench map --forks 3 --lengths 512,2048"})
final class BenchCommand implements Callable<Integer> {
    private static final int LAYER = 1;
    private static final int HEAD = 4;
    private static final List<String> WHAT =
            List.of(
                    "map",
                    "generate",
                    "cut",
                    "kernels",
                    "survey",
                    "xattention",
                    "sparse",
                    "cuda",
                    "devices");

    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private KernelsBench kernels = new KernelsBench();
    @Mixin private RedrawBench redraw = new RedrawBench();
    @Mixin private SparseBench sparse = new SparseBench();
    @Mixin private CudaBench cuda = new CudaBench();

    @Parameters(
            paramLabel = "WHAT",
            description = {
                "map: from a capture to the first picture.",
                "generate: a step of a response, after so many tokens.",
                "cut: a model in pieces against the whole, and its peak memory.",
                "kernels: attention against ONNX Runtime's.",
                "survey: every analysis of every head on one sweep, against plain sweeps.",
                "xattention: from a change of a control to a head's blocks.",
                "sparse: a prefill by sparse policies, dense, and by ONNX Runtime; of a random",
                "Llama of 8 layers x 16 heads x 64 where no model is named.",
                "cuda: attention on a GPU, ours against ONNX Runtime's and PyTorch's.",
                "devices: what models give on a GPU against what they give on the processor."
            })
    private String what = "map";

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "5",
            description = "Processes a measurement (default: ${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--lengths",
            paramLabel = "N,N",
            split = ",",
            defaultValue = "512,2048,8192,32768",
            description = {
                "Tokens (default of map, generate and cut: ${DEFAULT-VALUE};",
                "of kernels: 1024,4096,8192,16384; of sparse: 4096,16384,32768;",
                "of cuda: 8192,32768,131072)."
            })
    private List<Integer> lengths = List.of();

    @Option(names = "--child", hidden = true)
    private @Nullable Path child;

    @Option(names = "--child-overhead", hidden = true)
    private int childOverhead;

    @Option(names = "--child-decode", hidden = true)
    private int childDecode;

    @Option(names = "--child-cut", hidden = true)
    private int childCut;

    @Option(names = "--child-survey", hidden = true)
    private int childSurvey;

    @Option(
            names = "--model",
            paramLabel = "SOURCE",
            description =
                    "For cut, survey, sparse and devices: a model (default: the embedded one).")
    private @Nullable Path model;

    @SuppressWarnings("NullAway.Init")
    BenchCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!WHAT.contains(what)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "bench "
                            + what
                            + ": what can be measured now is: "
                            + String.join(", ", WHAT)
                            + ".");
        }
        if (forks < 1 || lengths.stream().anyMatch(n -> n < 16)) {
            throw new ParameterException(
                    spec.commandLine(), "--forks must be 1 or more, --lengths 16 or more.");
        }
        checkIdle();
        boolean given = spec.commandLine().getParseResult().hasMatchedOption("--lengths");
        if (what.equals("devices")) {
            return new DevicesBench(context, common).run(cuda.choose(context), model);
        }
        switch (what) {
            case "cuda" -> cuda.run(context, common, given ? lengths : CudaBench.LENGTHS);
            case "sparse" ->
                    sparse.run(context, common, model, given ? lengths : SparseBench.LENGTHS);
            case "kernels" ->
                    kernels.run(context, common, forks, given ? lengths : KernelsBench.LENGTHS);
            default -> embedded();
        }
        return 0;
    }

    /** Refuses options of what is not measured now. */
    private void checkIdle() {
        Usage usage = Usage.of(spec);
        String here = "in bench " + what;
        boolean gpu = List.of("cuda", "devices").contains(what);
        usage.idle(!what.equals("kernels"), here, "--dims", "--heads");
        usage.idle(!gpu, here, "--gpu", "--natives");
        usage.idle(!what.equals("cuda"), here, "--nvrtc");
        usage.idle(gpu || what.equals("sparse"), here, "--forks");
        usage.idle(what.equals("devices"), here, "--lengths");
        usage.idle(List.of("map", "generate", "kernels", "cuda").contains(what), here, "--model");
    }

    private void embedded() {
        if (child != null) {
            Json.print(new PictureRun().run(child, LAYER, HEAD), context.out());
        } else if (childOverhead > 0) {
            Path folder = new Assets().demoModelFolder();
            Json.print(new OverheadRun().run(folder, random(childOverhead)), context.out());
        } else if (childDecode > 0) {
            Path folder = new Assets().demoModelFolder();
            Json.print(new DecodeRun().run(folder, random(childDecode)), context.out());
        } else if (childCut > 0) {
            Path source = model == null ? new Assets().demoModelFolder() : model;
            Json.print(new PiecesRun().run(source, random(childCut)), context.out());
        } else {
            inProcesses();
        }
    }

    private void inProcesses() {
        switch (what) {
            case "survey" -> survey();
            case "xattention" -> redraw();
            case "cut" ->
                    report(
                            "cut",
                            forked("cut", "pieces over", "--child-cut"),
                            PiecesTables::pieces);
            case "generate" ->
                    report(
                            "generate",
                            forked("generate", "a step after", "--child-decode"),
                            PiecesTables::steps);
            default -> measure();
        }
    }

    private void survey() {
        if (childSurvey > 0) {
            Path source = model == null ? new Assets().demoModelFolder() : model;
            Json.print(new SurveyRun().run(source, random(childSurvey)), context.out());
        } else {
            report("survey", forked("survey", "survey of", "--child-survey"), SurveyTable::of);
        }
    }

    private void redraw() {
        if (redraw.child() > 0) {
            Path source = model == null ? new Assets().demoModelFolder() : model;
            List<Token> tokens = random(redraw.child());
            Json.print(new RedrawRun().run(source, tokens, LAYER, HEAD), context.out());
        } else {
            report(
                    "xattention",
                    forked("xattention", "blocks over", RedrawBench.CHILD),
                    RedrawBench::table);
        }
    }

    /** The medians of processes of their own, a row for each length. */
    private JsonArray forked(String name, String stage, String option) {
        JsonArray rows = new JsonArray();
        try (CommandProgress progress = common.progress(context)) {
            for (int i = 0; i < lengths.size(); i++) {
                int tokens = lengths.get(i);
                List<JsonObject> runs = new ArrayList<>();
                for (int fork = 0; fork < forks; fork++) {
                    double done = (i + (double) fork / forks) / lengths.size();
                    progress.at(done, stage + " " + tokens + " tokens");
                    List<String> args =
                            new ArrayList<>(List.of("bench", name, option, String.valueOf(tokens)));
                    if (model != null) {
                        args.addAll(List.of("--model", model.toString()));
                    }
                    runs.add(new Fork().json(args, progress));
                }
                JsonObject row = new JsonObject();
                for (String key : runs.getFirst().keySet()) {
                    row.addProperty(key, median(runs, key));
                }
                rows.add(row);
            }
            progress.clear();
        }
        return rows;
    }

    private void report(String name, JsonArray rows, Function<JsonArray, Table> table) {
        if (common.json()) {
            JsonObject document = new JsonObject();
            document.add(name, rows);
            document.addProperty("forks", forks);
            Json.print(document, context.out());
        } else {
            table.apply(rows).print(context.out());
        }
    }

    private void measure() {
        JsonObject document = new JsonObject();
        try (CommandProgress progress = common.progress(context)) {
            JsonArray rows = new JsonArray();
            for (int i = 0; i < lengths.size(); i++) {
                double from = (double) i / lengths.size() * 0.9;
                double to = (i + 1.0) / lengths.size() * 0.9;
                rows.add(pictures(lengths.get(i), progress.part(from, to)));
            }
            document.add("map", rows);
            JsonArray overheads = new JsonArray();
            for (int tokens : new int[] {512, 1024}) {
                progress.at(0.95, "capture overhead at " + tokens);
                overheads.add(overhead(tokens, progress));
            }
            document.add("captureOverhead", overheads);
            document.addProperty("forks", forks);
            document.addProperty("processors", Runtime.getRuntime().availableProcessors());
            progress.clear();
        }
        document.add("rivals", rivals());
        if (common.json()) {
            Json.print(document, context.out());
        } else {
            tables(document);
        }
    }

    /** Captures once, then shows the capture in processes of their own. */
    private JsonObject pictures(int tokens, Progress progress) {
        Path file;
        try {
            file = Files.createTempFile("headlight-bench", ".safetensors");
        } catch (IOException e) {
            throw new BadInputException(
                    "The folder for temporary files cannot be written: " + e.getMessage(), e);
        }
        try {
            JsonObject row = new JsonObject();
            row.addProperty("tokens", tokens);
            long start = System.nanoTime();
            try (Model model =
                            OnnxModels.open(
                                    new Assets().demoModelFolder(),
                                    ModelOptions.defaults(),
                                    Progress.NONE);
                    Capture capture = model.capture(random(tokens), progress.part(0, 0.4))) {
                row.addProperty("captureSeconds", (System.nanoTime() - start) / 1e9);
                CaptureFiles.write(capture, file, progress.part(0.4, 0.6));
            }
            List<JsonObject> runs = new ArrayList<>();
            for (int fork = 0; fork < forks; fork++) {
                progress.at(0.6 + 0.4 * fork / forks, tokens + " tokens, process " + (fork + 1));
                runs.add(
                        new Fork()
                                .json(
                                        List.of("bench", "map", "--child", file.toString()),
                                        progress));
            }
            for (String key : runs.getFirst().keySet()) {
                row.addProperty(key, median(runs, key));
            }
            return row;
        } finally {
            delete(file);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new BadInputException(file + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    private JsonObject overhead(int tokens, Progress progress) {
        List<JsonObject> runs = new ArrayList<>();
        for (int fork = 0; fork < forks; fork++) {
            List<String> args = List.of("bench", "map", "--child-overhead", String.valueOf(tokens));
            runs.add(new Fork().json(args, progress));
        }
        JsonObject row = new JsonObject();
        for (String key : runs.getFirst().keySet()) {
            row.addProperty(key, median(runs, key));
        }
        return row;
    }

    private static double median(List<JsonObject> runs, String key) {
        List<Double> values = runs.stream().map(r -> r.get(key).getAsDouble()).sorted().toList();
        return values.get(values.size() / 2);
    }

    /** Tokens of the embedded model, the same at each run. */
    private static List<Token> random(int count) {
        Random random = new Random(2_026);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(i, i == 0 ? 1 : 4 + random.nextInt(1000), "", i == 0));
        }
        return tokens;
    }

    private static JsonArray rivals() {
        JsonArray array = new JsonArray();
        for (Rival rival : Rival.all()) {
            JsonObject json = new JsonObject();
            json.addProperty("tool", rival.tool());
            json.addProperty("tokens", rival.tokens());
            json.addProperty("heads", rival.heads());
            json.add("seconds", Json.number(rival.seconds()));
            json.addProperty("waitedSeconds", rival.waited());
            json.addProperty("megabytes", rival.megabytes());
            json.add("interactionSeconds", Json.number(rival.interactionSeconds()));
            array.add(json);
        }
        return array;
    }

    private static Table pictures(JsonObject document) {
        Table ours =
                new Table(
                        "tokens",
                        "coarse s",
                        "warm",
                        "full s",
                        "warm",
                        "frame p50 ms",
                        "frame p95 ms",
                        "warm",
                        "process MB");
        for (JsonElement element : document.getAsJsonArray("map")) {
            JsonObject row = element.getAsJsonObject();
            ours.row(
                    String.format(Locale.ROOT, "%,d", row.get("tokens").getAsInt()),
                    Table.number(row.get("coarseSeconds").getAsDouble()),
                    Table.number(row.get("warmCoarseSeconds").getAsDouble()),
                    Table.number(row.get("fullSeconds").getAsDouble()),
                    Table.number(row.get("warmFullSeconds").getAsDouble()),
                    Table.number(row.get("frameP50Millis").getAsDouble()),
                    Table.number(row.get("frameP95Millis").getAsDouble()),
                    Table.number(row.get("warmFrameP95Millis").getAsDouble()),
                    String.format(Locale.ROOT, "%,d", row.get("rssBytes").getAsLong() >> 20));
        }
        return ours;
    }

    private void tables(JsonObject document) {
        context.out()
                .println(
                        "Headlight, one map of a capture, "
                                + "medians of "
                                + forks
                                + " fresh processes (warm: again, with compiled kernels):");
        pictures(document).print(context.out());
        context.out().println();
        for (JsonElement element : document.getAsJsonArray("captureOverhead")) {
            JsonObject row = element.getAsJsonObject();
            context.out()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "capture overhead at %,d tokens: %.2f (%.1f ms with, %.1f ms"
                                            + " without)",
                                    row.get("tokens").getAsInt(),
                                    row.get("ratio").getAsDouble(),
                                    1e3 * row.get("withSeconds").getAsDouble(),
                                    1e3 * row.get("withoutSeconds").getAsDouble()));
        }
        context.out().println();
        Table others = new Table("tool", "tokens", "heads", "first s", "act s", "MB");
        for (Rival rival : Rival.all()) {
            others.row(
                    rival.tool(),
                    String.format(Locale.ROOT, "%,d", rival.tokens()),
                    String.valueOf(rival.heads()),
                    Double.isNaN(rival.seconds())
                            ? "not in " + Table.number(rival.waited())
                            : Table.number(rival.seconds()),
                    Table.number(rival.interactionSeconds()),
                    String.format(Locale.ROOT, "%,d", rival.megabytes()));
        }
        context.out()
                .println(
                        "Others, measured in headless Chromium 156 on two shared cores (the same"
                                + " kind of machine; seconds are upper bounds):");
        others.print(context.out());
    }
}
