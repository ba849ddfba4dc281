package org.headlight.app.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelCheck;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.source.Source;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** What is inside a model, a capture or a dump. */
@Command(
        name = "inspect",
        description = "Lists the attention of a model, a capture or a dump.",
        footer = {
            "",
            "Examples:",
            "  headlight inspect demo",
            "  headlight inspect path/to/model --json"
        })
final class InspectCommand implements Callable<Integer> {
    private static final int PROBE = 16;

    private final CommandContext context;

    @Spec private CommandSpec spec;
    @Mixin private SourceArgument source = new SourceArgument();
    @Mixin private CommonOptions common = new CommonOptions();

    @SuppressWarnings("NullAway.Init")
    InspectCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (CommandProgress progress = common.progress(context);
                Source opened = source.open(spec.commandLine(), progress)) {
            JsonObject document =
                    switch (opened) {
                        case Source.ModelSource(Model model) -> model(model);
                        case Source.CaptureSource(Capture capture) -> capture(capture);
                    };
            progress.clear();
            if (common.json()) {
                Json.print(source.told(document), context.out());
            } else {
                people(source.told(document), context.out());
            }
        }
        return 0;
    }

    private static JsonObject model(Model model) {
        ModelInfo info = model.info();
        JsonObject json = new JsonObject();
        json.addProperty("source", info.name());
        json.addProperty("kind", "model");
        json.addProperty("file", info.file().toString());
        json.addProperty("hash", info.hash());
        json.addProperty("provider", info.provider());
        json.addProperty("cached", info.cached());
        json.addProperty("vocabulary", info.vocabulary());
        json.addProperty("maxPositions", info.maxPositions());
        JsonArray sites = new JsonArray();
        for (ModelInfo.Site site : info.sites()) {
            JsonObject one = site(site.layer(), site.kind(), site.form(), site.node());
            shape(one, site.heads(), site.kvHeads(), site.headDim(), site.causal());
            sites.add(one);
        }
        json.add("sites", sites);
        json.add("unsupported", unsupported(info.unsupported()));
        JsonArray inputs = new JsonArray();
        for (ModelInfo.Input input : info.inputs()) {
            JsonObject one = new JsonObject();
            one.addProperty("name", input.name());
            one.addProperty("type", input.type());
            one.addProperty("shape", input.shape());
            inputs.add(one);
        }
        json.add("inputs", inputs);
        JsonArray needs = new JsonArray();
        model.needs().forEach(needs::add);
        json.addProperty("runsText", needs.isEmpty());
        json.add("needs", needs);
        json.add(
                "tokenizer",
                model.tokenizer()
                        .<JsonElement>map(t -> new JsonPrimitive(t.description()))
                        .orElse(JsonNull.INSTANCE));
        check(model, json);
        return json;
    }

    /** A model that cannot be checked is described all the same. */
    private static void check(Model model, JsonObject json) {
        try {
            ModelCheck check = model.check(PROBE);
            JsonObject checked = new JsonObject();
            checked.addProperty("tokens", check.tokens());
            checked.add("maxAbsLogitDiff", Json.number(check.maxAbsLogitDiff()));
            checked.add("maxAbsProbabilityDiff", Json.number(check.maxAbsProbabilityDiff()));
            checked.addProperty("path", check.path());
            if (!check.wholeReason().isEmpty()) {
                checked.addProperty("wholeReason", check.wholeReason());
            }
            json.add("check", checked);
        } catch (BadInputException | TooLargeException e) {
            json.add("check", JsonNull.INSTANCE);
            json.addProperty("checkReason", e.getMessage());
        }
    }

    private static JsonArray unsupported(List<UnsupportedSite> sites) {
        JsonArray array = new JsonArray();
        for (UnsupportedSite site : sites) {
            JsonObject one = new JsonObject();
            one.addProperty("node", site.node());
            one.addProperty("reason", site.reason());
            array.add(one);
        }
        return array;
    }

    private static JsonObject capture(Capture capture) {
        JsonObject json = new JsonObject();
        json.addProperty("source", capture.info().source());
        json.addProperty("kind", capture.info().form().equals("dump") ? "dump" : "capture");
        json.addProperty("hash", capture.info().modelHash());
        json.addProperty("tokens", capture.tokens().size());
        json.addProperty("bytes", capture.bytes());
        JsonArray sites = new JsonArray();
        for (SiteCapture site : capture.sites()) {
            HeadAttention first = site.heads().getFirst();
            JsonObject one = site(site.layer(), site.kind(), capture.info().form(), site.node());
            shape(one, site.heads().size(), site.kvHeads(), site.headDim(), first.mask().causal());
            one.addProperty("rows", first.rows());
            one.addProperty("cols", first.cols());
            sites.add(one);
        }
        json.add("sites", sites);
        json.add("unsupported", new JsonArray());
        json.add("inputs", new JsonArray());
        json.add("tokenizer", JsonNull.INSTANCE);
        json.add("check", JsonNull.INSTANCE);
        return json;
    }

    private static JsonObject site(int layer, SiteKind kind, String form, String node) {
        JsonObject one = new JsonObject();
        one.addProperty("layer", layer);
        one.addProperty("kind", kind.name().toLowerCase(Locale.ROOT));
        one.addProperty("form", form);
        one.addProperty("node", node);
        return one;
    }

    private static void shape(JsonObject site, int heads, int kv, int dim, boolean causal) {
        site.addProperty("heads", heads);
        site.addProperty("kvHeads", kv);
        site.addProperty("headDim", dim);
        site.addProperty("causal", causal);
    }

    private static void checked(JsonObject json, PrintStream out) {
        if (json.get("check") instanceof JsonObject check) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "%-13s %s graph on %d tokens; logits differ by %s, probabilities by %s"
                                    + " at most",
                            "check",
                            check.get("path").getAsString(),
                            check.get("tokens").getAsInt(),
                            difference(check.get("maxAbsLogitDiff")),
                            difference(check.get("maxAbsProbabilityDiff"))));
            if (check.has("wholeReason")) {
                out.println("not cut       " + check.get("wholeReason").getAsString());
            }
        }
        if (json.has("checkReason")) {
            out.println("not checked   " + json.get("checkReason").getAsString());
        }
    }

    private static void people(JsonObject json, PrintStream out) {
        for (String key :
                List.of(
                        "source",
                        "kind",
                        "file",
                        "hash",
                        "provider",
                        "cached",
                        "vocabulary",
                        "maxPositions",
                        "tokens",
                        "bytes",
                        "tokenizer")) {
            if (json.has(key) && !json.get(key).isJsonNull()) {
                out.println(
                        String.format(Locale.ROOT, "%-13s %s", key, json.get(key).getAsString()));
            }
        }
        if (json.has("attentionDevice")) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "%-13s %s, in %s",
                            "attention",
                            json.get("attentionDevice").getAsString(),
                            json.get("attentionNumbers").getAsString()));
        }
        needs(json, out);
        checked(json, out);
        out.println();
        Table table = new Table("layer", "kind", "form", "heads", "KV", "dim", "causal", "node");
        for (JsonElement element : json.getAsJsonArray("sites")) {
            JsonObject site = element.getAsJsonObject();
            table.row(
                    site.get("layer").getAsString(),
                    site.get("kind").getAsString(),
                    site.get("form").getAsString(),
                    site.get("heads").getAsString(),
                    site.get("kvHeads").getAsString(),
                    site.get("headDim").getAsString(),
                    site.get("causal").getAsBoolean() ? "yes" : "no",
                    site.get("node").getAsString());
        }
        table.print(out);
        for (JsonElement element : json.getAsJsonArray("unsupported")) {
            JsonObject site = element.getAsJsonObject();
            out.println(
                    "not understood: "
                            + site.get("node").getAsString()
                            + ": "
                            + site.get("reason").getAsString());
        }
    }

    /** What a text cannot give, where there is something. */
    private static void needs(JsonObject json, PrintStream out) {
        if (json.get("needs") instanceof JsonArray needs && !needs.isEmpty()) {
            List<String> names = needs.asList().stream().map(JsonElement::getAsString).toList();
            out.println(
                    String.format(
                            Locale.ROOT,
                            "%-13s %s, which a text cannot give: only inspect works on it today",
                            "needs",
                            String.join(" and ", names)));
        }
    }

    private static String difference(JsonElement value) {
        return value.isJsonNull() ? "\u2013" : Table.number(value.getAsDouble());
    }
}
