package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.analysis.heads.HeadStatistics;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.assets.Assets;
import org.headlight.assets.SampleText;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.export.FigureLook;
import org.headlight.viz.export.FigureRenderer;
import org.headlight.viz.export.Gallery;
import org.headlight.viz.export.GalleryWriter;
import org.headlight.viz.export.GridRenderer;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Scales;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** The gallery of the embedded example: the first minute without a display. */
@Command(
        name = "demo",
        description =
                "Writes the gallery of the embedded example: every head, and a page to look at.",
        footer = {"", "Example:", "  headlight demo --out gallery"})
final class DemoCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin private CommonOptions common = new CommonOptions();
    @Mixin private DeviceOptions device = new DeviceOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "headlight-gallery",
            description = "The folder to write (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("headlight-gallery");

    DemoCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (CommandProgress progress = common.progress(context)) {
            DeviceChoice choice = device.choose(context);
            if (choice.fellBack()) {
                context.err().println(choice.reason() + " The CPU is used.");
            }
            List<Path> files = write(choice, progress);
            progress.clear();
            if (common.json()) {
                JsonObject json = new JsonObject();
                json.addProperty("device", choice.used().word());
                json.addProperty("folder", out.toString());
                json.addProperty("index", files.getFirst().toString());
                JsonArray array = new JsonArray();
                files.forEach(f -> array.add(f.toString()));
                json.add("files", array);
                Json.print(json, context.out());
            } else {
                context.out()
                        .println(
                                "The gallery of the embedded example is in "
                                        + files.getFirst().toAbsolutePath());
            }
        }
        return 0;
    }

    /** What the program does when it was called without a command and cannot open a window. */
    int withoutDisplay() {
        context.err()
                .println(
                        "There is no display to open a window on, so the gallery of the embedded"
                                + " example is written instead; headlight --help lists the"
                                + " commands.");
        return call();
    }

    private List<Path> write(DeviceChoice choice, Progress progress) {
        Assets assets = new Assets();
        SampleText sample = assets.texts().getFirst();
        try (Model model =
                        OnnxModels.open(
                                assets.demoModelFolder(),
                                ModelOptions.defaults().withChoice(choice),
                                progress.part(0, 0.2));
                Capture capture =
                        model.capture(tokens(model, sample.text()), progress.part(0.2, 0.4))) {
            return new GalleryWriter(new GridRenderer(new FigureRenderer(assets)))
                    .write(gallery(model, capture, sample, progress), out, progress.part(0.5, 1));
        }
    }

    private static List<Token> tokens(Model model, String text) {
        return model.tokenizer()
                .orElseThrow(() -> new BadInputException("The embedded example has no tokenizer."))
                .encode(text);
    }

    private static Gallery gallery(
            Model model, Capture capture, SampleText sample, Progress progress) {
        MapBuilder builder = MapBuilder.standard();
        List<List<AttentionMap>> maps = new ArrayList<>();
        List<Scale> scales = new ArrayList<>();
        for (SiteCapture site : capture.sites()) {
            List<AttentionMap> row = new ArrayList<>();
            for (HeadAttention head : site.heads()) {
                progress.check();
                AttentionMap map = builder.full(head, Set.of(), Progress.NONE);
                row.add(map);
                scales.add(Scales.log(map));
            }
            maps.add(row);
        }
        List<HeadStatistics> heads =
                HeadSurvey.of(
                        capture,
                        SweepOptions.standard(),
                        HeadSurvey.SINK_EPSILON,
                        progress.part(0.4, 0.5));
        Scale all = Scales.covering(scales);
        Scale scale = new Scale(Scale.Kind.LOG, Math.max(all.low(), 1e-4f), all.high());
        return new Gallery(
                capture.info().source(),
                sample.text(),
                capture.sites().stream().map(s -> site(s, heads)).toList(),
                (site, head) -> maps.get(site).get(head),
                FigureLook.of(scale),
                new Provenance(
                        capture.info().source(),
                        capture.info().modelHash(),
                        capture.tokens().size(),
                        "Headlight " + Version.number(),
                        "headlight demo" + device(model.device().used())));
    }

    private static String device(Device used) {
        return used.equals(Device.CPU) ? "" : " --device " + used.word();
    }

    private static Gallery.Site site(SiteCapture site, List<HeadStatistics> heads) {
        List<String> names =
                IntStream.range(0, site.heads().size()).mapToObj(site::headName).toList();
        List<String> notes =
                names.stream()
                        .map(name ->
                                heads.stream()
                                        .filter(h -> h.name().equals(name))
                                        .map(DemoCommand::note)
                                        .findFirst()
                                        .orElse(""))
                        .toList();
        return new Gallery.Site("layer " + site.layer(), names, notes);
    }

    /** What stands out about a head; empty when nothing does. */
    private static String note(HeadStatistics head) {
        if (head.previousToken() > 0.4) {
            return String.format(Locale.ROOT, "previous %.2f", head.previousToken());
        }
        if (head.induction() > 0.25) {
            return String.format(Locale.ROOT, "induction %.2f", head.induction());
        }
        if (head.received0() > HeadSurvey.SINK_EPSILON) {
            return String.format(Locale.ROOT, "sink %.2f", head.received0());
        }
        return "";
    }
}
