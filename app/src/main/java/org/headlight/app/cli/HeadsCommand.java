package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.analysis.heads.HeadStatistics;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.concurrent.Callable;

/** Every head in numbers. */
@Command(
        name = "heads",
        description = "Measures every head: entropy, distance, sink, previous token, induction ...",
        footer = {
            "",
            "entropy in nats and distance in tokens are means over rows; previous, duplicate and",
            "induction are TransformerLens's mul measure: the share of all attention on the"
                    + " pattern.",
            "",
            "Example:",
            "  headlight heads demo --text \"one two three one two three\""
        })
final class HeadsCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private InputOptions input = new InputOptions();
    @Mixin private CommonOptions common = new CommonOptions();

    HeadsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (CommandProgress progress = common.progress(context);
                Capture capture = source.capture(input, progress.part(0, 0.5))) {
            boolean named = capture.tokens().stream().allMatch(t -> t.id() >= 0);
            List<HeadStatistics> heads =
                    HeadSurvey.of(
                            capture,
                            SweepOptions.standard().withThreads(source.threads()),
                            HeadSurvey.SINK_EPSILON,
                            progress.part(0.5, 1));
            progress.clear();
            if (common.json()) {
                JsonArray array = new JsonArray();
                heads.forEach(h -> array.add(json(h, named)));
                JsonObject document = new JsonObject();
                document.addProperty("source", capture.info().source());
                document.addProperty("tokens", capture.tokens().size());
                document.add("heads", array);
                Json.print(document, context.out());
            } else {
                table(heads, named);
            }
        }
        return 0;
    }

    /** Repetition means nothing where the tokens have no ids. */
    private static double known(double value, boolean named) {
        return named ? value : Double.NaN;
    }

    private static JsonObject json(HeadStatistics head, boolean named) {
        JsonObject json = new JsonObject();
        json.addProperty("layer", head.layer());
        json.addProperty("head", head.head());
        json.addProperty("name", head.name());
        json.add("entropy", Json.number(head.entropy()));
        json.add("meanDistance", Json.number(head.meanDistance()));
        json.add("received0", Json.number(head.received0()));
        json.add("sinkRate", Json.number(head.sinkRate()));
        json.add("previousToken", Json.number(head.previousToken()));
        json.add("duplicateToken", Json.number(known(head.duplicateToken(), named)));
        json.add("induction", Json.number(known(head.induction(), named)));
        json.add("locality", Json.number(head.locality()));
        json.add("confidence", Json.number(head.confidence()));
        return json;
    }

    private void table(List<HeadStatistics> heads, boolean named) {
        Table table =
                new Table(
                        "head",
                        "entropy",
                        "distance",
                        "received0",
                        "sink",
                        "previous",
                        "duplicate",
                        "induction",
                        "locality",
                        "confidence");
        for (HeadStatistics head : heads) {
            table.row(
                    head.name(),
                    Table.number(head.entropy()),
                    Table.number(head.meanDistance()),
                    Table.number(head.received0()),
                    Table.number(head.sinkRate()),
                    Table.number(head.previousToken()),
                    Table.number(known(head.duplicateToken(), named)),
                    Table.number(known(head.induction(), named)),
                    Table.number(head.locality()),
                    Table.number(head.confidence()));
        }
        table.print(context.out());
    }
}
