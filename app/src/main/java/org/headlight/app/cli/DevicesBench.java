package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.app.cli.bench.DeviceComparison;
import org.headlight.app.cli.bench.DeviceComparison.Line;
import org.headlight.app.cli.bench.DeviceComparison.Tolerances;
import org.headlight.app.cli.bench.MadeModels;
import org.headlight.assets.Assets;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The part of the command that holds a device against the processor. */
final class DevicesBench {
    private final CommandContext context;
    private final CommonOptions common;
    private final JsonArray all = new JsonArray();
    private final Table table = new Table("", "model", "what", "apart by", "allowed", "");
    private int failed;

    DevicesBench(CommandContext context, CommonOptions common) {
        this.context = context;
        this.common = common;
    }

    /**
     * Compares models on a device with the same on the processor.
     *
     * @param source a model; the embedded one and made-up ones in floats and halves where there is
     *     none
     * @return 0 when all agree, 1 when something does not
     * @throws BadInputException when the device cannot be used
     */
    int run(DeviceChoice choice, @Nullable Path source) {
        if (choice.fellBack()) {
            throw new BadInputException(choice.reason());
        }
        try (CommandProgress progress = common.progress(context)) {
            if (source != null) {
                compare("", source, choice, progress);
            } else {
                compare("demo", new Assets().demoModelFolder(), choice, progress.part(0, 0.4));
                MadeModels.inTurn((folder, halves) ->
                        compare(
                                "random Llama",
                                folder,
                                choice,
                                halves ? progress.part(0.7, 1) : progress.part(0.4, 0.7)));
            }
            progress.clear();
        }
        if (common.json()) {
            JsonObject document = new JsonObject();
            document.addProperty("device", choice.used().word());
            document.add("comparisons", all);
            document.addProperty("failed", failed);
            Json.print(document, context.out());
        } else {
            table.print(context.out());
            context.out().println(failed == 0 ? "All agree." : failed + " do not agree.");
        }
        return failed == 0 ? 0 : 1;
    }

    /**
     * @param title of the model; empty for its own
     */
    private void compare(String title, Path source, DeviceChoice choice, Progress progress) {
        ModelOptions options = ModelOptions.defaults();
        try (Model device =
                        OnnxModels.open(source, options.withChoice(choice), progress.part(0, 0.1));
                Model processor = OnnxModels.open(source, options, progress.part(0.1, 0.2))) {
            String name = title.isEmpty() ? device.info().name() : title;
            List<Line> lines = new ArrayList<>();
            lines.add(said("runs on the device", device.device().reason()));
            boolean halves = DeviceComparison.halves(device);
            lines.addAll(
                    new DeviceComparison(
                                    device,
                                    processor,
                                    halves ? Tolerances.HALVES : Tolerances.FLOATS)
                            .run(progress.part(0.2, 1)));
            // Only now, since attention is tried when it is first needed.
            lines.add(1, said("attention runs there", device.attention().reason()));
            lines.forEach(line -> add(name + (halves ? ", halves" : ""), line));
        }
    }

    /** What is so when there is no reason against it. */
    private static Line said(String what, String reason) {
        return new Line(what, reason.isEmpty() ? 0 : 1, 0, reason);
    }

    private void add(String model, Line line) {
        failed += line.passes() ? 0 : 1;
        String verdict = line.passes() ? "PASS" : "FAIL";
        table.row(
                verdict,
                model,
                line.what(),
                Table.number(line.difference()),
                Table.number(line.tolerance()),
                line.note());
        JsonObject json = new JsonObject();
        json.addProperty("verdict", verdict);
        json.addProperty("model", model);
        json.addProperty("what", line.what());
        json.add("difference", Json.number(line.difference()));
        json.addProperty("tolerance", line.tolerance());
        json.addProperty("note", line.note());
        all.add(json);
    }
}
