package org.headlight.app.cli;

import com.google.gson.JsonObject;

import org.headlight.app.cli.bench.Fork;
import org.headlight.app.cli.bench.KernelRun;
import org.headlight.engine.kernel.KernelProvider;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.List;

/** The part of the command that measures attention kernels: its own options, and what it prints. */
final class KernelsBench {
    /** Tokens, where none are asked for. */
    static final List<Integer> LENGTHS = List.of(1024, 4096, 8192, 16384);

    @Option(
            names = "--dims",
            paramLabel = "D,D",
            split = ",",
            defaultValue = "64,128",
            description = "kernels: widths of a head (default: ${DEFAULT-VALUE}).")
    private List<Integer> dims = List.of();

    @Option(
            names = "--heads",
            paramLabel = "H",
            defaultValue = "8",
            description = "kernels: heads (default: ${DEFAULT-VALUE}).")
    private int heads;

    @Option(names = "--child-kernels", split = ",", hidden = true)
    private @Nullable List<Integer> child;

    void run(CommandContext context, CommonOptions common, int forks, List<Integer> lengths) {
        List<Integer> one = child;
        if (one != null) {
            Json.print(new KernelRun().run(one.get(0), one.get(1), one.get(2)), context.out());
            return;
        }
        KernelsTable table = new KernelsTable(forks, heads, new Fork()::json);
        JsonObject document = new JsonObject();
        try (CommandProgress progress = common.progress(context)) {
            document.add("kernels", table.measure(dims, lengths, progress));
            progress.clear();
        }
        document.addProperty("forks", forks);
        document.addProperty("processors", Runtime.getRuntime().availableProcessors());
        document.addProperty("choice", KernelProvider.flashLookup().reason());
        if (common.json()) {
            Json.print(document, context.out());
        } else {
            table.print(document.getAsJsonArray("kernels"), context.out());
        }
    }
}
