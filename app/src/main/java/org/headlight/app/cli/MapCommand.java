package org.headlight.app.cli;

import com.google.gson.JsonObject;

import org.headlight.assets.Assets;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.device.Device;
import org.headlight.engine.model.DeviceMaps;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.export.CellsWriter;
import org.headlight.viz.export.FigureLook;
import org.headlight.viz.export.FigureRenderer;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.MapRange;
import org.headlight.viz.export.PngWriter;
import org.headlight.viz.export.Provenance;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.HeadMap;
import org.headlight.viz.raster.MapBuilder;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.raster.Scales;
import org.headlight.viz.raster.TileCache;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** The map of one head as a figure or as numbers. */
@Command(
        name = "map",
        description = "Writes the map of one head as a figure or as numbers.",
        footer = {
            "",
            "Examples:",
            "  headlight map demo --layer 1 --head 4 --scale log --out map.png",
            "  headlight map demo --head L1H4 --rows 10:20 --cols 0:20 --out part.csv"
        })
final class MapCommand implements Callable<Integer> {
    private static final List<String> ENDINGS = List.of(".png", ".npy", ".csv");
    private static final long TILE_BYTES = 128L << 20;

    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    @Option(names = "--layer", paramLabel = "L", description = "Layer, zero-based.")
    private @Nullable Integer layer;

    @Option(
            names = "--head",
            required = true,
            paramLabel = "H",
            description = "Head, zero-based; or the whole name, as L3H5, 3.5 or 3-5.")
    private String head = "";

    @Option(names = "--rows", paramLabel = "a:b", description = "Queries, the end not included.")
    private @Nullable String rows;

    @Option(names = "--cols", paramLabel = "a:b", description = "Keys, the end not included.")
    private @Nullable String cols;

    @Option(
            names = "--size",
            paramLabel = "PX",
            defaultValue = "1024",
            description =
                    "Longest side that the map may take in the figure, 16 to 16384 pixels (default:"
                            + " ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--pool",
            paramLabel = "HOW",
            defaultValue = "max",
            description = "max or mean (default: ${DEFAULT-VALUE}).")
    private String pool = "max";

    @Option(
            names = "--scale",
            paramLabel = "HOW",
            defaultValue = "linear",
            description = "linear, log or percentile (default: ${DEFAULT-VALUE}).")
    private String scale = "linear";

    @Option(names = "--drop-sink", description = "Drops the first key and renormalises each row.")
    private boolean dropSink;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description =
                    "The file to write: .png, .npy or .csv. Keys that a query does not see, and"
                            + " dropped ones, are NaN in .npy and empty in .csv.")
    private Path out = Path.of("");

    /** Why the map was not made on the device, one sentence; empty when nothing failed there. */
    private String fallen = "";

    @SuppressWarnings("NullAway.Init")
    MapCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String ending = ending();
        Pooling pooling = choice("--pool", pool, List.of(Pooling.values()), "max or mean");
        Scale.Kind kind =
                choice("--scale", scale, List.of(Scale.Kind.values()), "linear, log or percentile");
        if (size < 16 || size > FigureLook.LARGEST) {
            throw wrong(
                    String.format(
                            Locale.ROOT,
                            "--size is %d; expected 16 to %d pixels.",
                            size,
                            FigureLook.LARGEST));
        }
        if (layer != null && layer < 0) {
            throw wrong("--layer is " + layer + "; expected a layer from 0 on.");
        }
        Usage.of(spec)
                .idle(
                        !ending.equals(".png"),
                        "in a file of numbers, " + ending,
                        "--size",
                        "--pool",
                        "--scale");
        HeadName name = name();
        new OutputFile(out).check(source, input.file());
        try (CommandProgress progress = common.progress(context);
                Capture capture = source.capture(input, progress.part(0, 0.6));
                DeviceMaps device = source.maps()) {
            SiteCapture site = site(capture, name);
            MapBuilder builder =
                    new MapBuilder(
                                    SweepOptions.standard().kernels(),
                                    source.threads(),
                                    new TileCache(TILE_BYTES))
                            .on(device, reason -> fallen = reason);
            HeadMap map =
                    builder.full(
                            site.heads().get(name.head()),
                            dropSink ? Set.of(0) : Set.of(),
                            progress.part(0.6, 0.8));
            MapRange range = range(map);
            FigureLook look =
                    FigureLook.of(Scales.of(kind, map, pooling))
                            .withSize(size)
                            .withPooling(pooling)
                            .withDroppedKeys(dropSink ? 1 : 0);
            write(ending, capture, site, name, map, range, look, progress.part(0.8, 1));
            float[] ends = new CellRange(map).of(range);
            progress.clear();
            if (!fallen.isEmpty()) {
                context.err().println(fallen);
            }
            report(range, ends, map.device());
        }
        return 0;
    }

    @SuppressWarnings("checkstyle:parameternumber") // one place where all facts of the file meet
    private void write(
            String ending,
            Capture capture,
            SiteCapture site,
            HeadName name,
            AttentionMap map,
            MapRange range,
            FigureLook look,
            Progress progress) {
        switch (ending) {
            case ".npy" -> new CellsWriter().npy(map, range, out, progress);
            case ".csv" ->
                    new CellsWriter()
                            .csv(map, range, site.queryTokens(), site.keyTokens(), out, progress);
            default -> {
                Provenance provenance =
                        new Provenance(
                                capture.info().source(),
                                capture.info().modelHash(),
                                capture.tokens().size(),
                                "Headlight " + Version.number(),
                                new GivenCommand(spec).text());
                FigureSpec figure =
                        new FigureSpec(
                                map,
                                name.toString(),
                                site.queryTokens(),
                                site.keyTokens(),
                                range,
                                look,
                                provenance);
                new PngWriter().write(new FigureRenderer(new Assets()).render(figure), out);
            }
        }
    }

    private void report(MapRange range, float[] ends, String device) {
        if (common.json()) {
            JsonObject json = new JsonObject();
            json.addProperty("file", out.toString());
            json.addProperty("rows", range.rows());
            json.addProperty("cols", range.cols());
            json.add("min", Json.number(ends[0]));
            json.add("max", Json.number(ends[1]));
            if (!fallen.isEmpty()) {
                json.addProperty("mapDevice", device);
                json.addProperty("mapReason", fallen);
            } else if (!device.equals(Device.CPU.word())) {
                json.addProperty("mapDevice", device);
            }
            Json.print(source.told(json), context.out());
        } else {
            context.out()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %,d queries x %,d keys, probabilities %s to %s",
                                    out,
                                    range.rows(),
                                    range.cols(),
                                    Table.number(ends[0]),
                                    Table.number(ends[1])));
        }
    }

    private String ending() {
        String name = out.toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream()
                .filter(name::endsWith)
                .findFirst()
                .orElseThrow(() ->
                        wrong(
                                "--out "
                                        + out
                                        + ": this version writes .png, .npy and .csv"
                                        + (name.endsWith(".svg") || name.endsWith(".pdf")
                                                ? ", and not yet .svg or .pdf."
                                                : "; give the file one of these" + " endings.")));
    }

    private <E extends Enum<E>> E choice(
            String option, String text, List<E> values, String expected) {
        return values.stream()
                .filter(v -> v.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () -> wrong(option + " is \"" + text + "\"; expected " + expected + "."));
    }

    private HeadName name() {
        if (head.matches("\\d{1,5}")) {
            if (layer == null) {
                throw wrong("--head " + head + " needs --layer L; or name both as L3H5.");
            }
            return new HeadName(layer, Integer.parseInt(head), SiteKind.SELF);
        }
        HeadName name =
                HeadName.parse(head)
                        .orElseThrow(() ->
                                wrong(
                                        "--head is \""
                                                + head
                                                + "\"; expected a number, or a name such"
                                                + " as L3H5."));
        if (layer != null && layer != name.layer()) {
            throw wrong("--layer " + layer + " and --head " + head + " name different layers.");
        }
        return name;
    }

    private SiteCapture site(Capture capture, HeadName name) {
        for (SiteCapture site : capture.sites()) {
            if (site.layer() == name.layer() && site.kind() == name.kind()) {
                if (name.head() < site.heads().size()) {
                    return site;
                }
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "There is no head %s: layer %d has heads 0 to %d.",
                                name,
                                name.layer(),
                                site.heads().size() - 1));
            }
        }
        String layers =
                capture.sites().stream()
                        .filter(s -> s.kind() == name.kind())
                        .map(s -> String.valueOf(s.layer()))
                        .collect(Collectors.joining(", "));
        throw new BadInputException(
                "There is no head "
                        + name
                        + (layers.isEmpty()
                                ? ": there is no such attention here."
                                : ": the layers are " + layers + "."));
    }

    private MapRange range(AttentionMap map) {
        Span row = span("--rows", rows, map.rows());
        Span col = span("--cols", cols, map.cols());
        try {
            return new MapRange(row.from(), row.to(), col.from(), col.to()).checked(map);
        } catch (BadInputException e) {
            throw new BadInputException("--" + e.getMessage(), e);
        }
    }

    private Span span(String option, @Nullable String text, int length) {
        return text == null
                ? new Span(0, length)
                : Span.parse(text, length)
                        .orElseThrow(() ->
                                wrong(
                                        option
                                                + " is \""
                                                + text
                                                + "\"; expected positions such as 0:64."));
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
