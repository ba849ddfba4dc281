package org.headlight.app.sparse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.run.AttentionUse;
import org.headlight.analysis.sparse.run.DenseSteps;
import org.headlight.analysis.sparse.run.EndToEnd;
import org.headlight.analysis.sparse.run.HeadFidelity;
import org.headlight.analysis.sparse.run.LayerFidelity;
import org.headlight.analysis.sparse.run.NeedleFate;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.RecallShares;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseTimes;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Policies and sparse runs as the command line prints them. */
public final class SparseJson {
    private static final double MILLIS = 1e-6;

    private SparseJson() {}

    /** What policies are. */
    public static JsonObject policies(List<Policy> policies) {
        JsonArray list = new JsonArray();
        for (Policy policy : policies) {
            PolicyInfo info = policy.info();
            JsonObject json = new JsonObject();
            json.addProperty("name", info.name());
            json.addProperty("title", info.title());
            json.addProperty("paper", info.paper());
            json.addProperty("phase", info.phase().word());
            json.addProperty("granularity", info.unit().word());
            json.addProperty("honest", info.honesty().word());
            json.addProperty("claim", info.claim());
            json.addProperty("changesPositions", info.changesPositions());
            json.addProperty("recall", info.recallCounts());
            json.addProperty("knob", policy.knob());
            JsonArray parameters = new JsonArray();
            info.parameters().forEach(p -> parameters.add(parameter(p)));
            json.add("parameters", parameters);
            list.add(json);
        }
        JsonObject document = new JsonObject();
        document.add("policies", list);
        return document;
    }

    private static JsonObject parameter(Parameter parameter) {
        JsonObject json = new JsonObject();
        json.addProperty("name", parameter.name());
        if (parameter.choices().isEmpty()) {
            json.add("default", value(parameter.standard(), parameter.whole()));
            json.add("min", value(parameter.least(), parameter.whole()));
            json.add("max", value(parameter.most(), parameter.whole()));
        } else {
            json.addProperty("default", parameter.choices().get((int) parameter.standard()));
            JsonArray words = new JsonArray();
            parameter.choices().forEach(words::add);
            json.add("choices", words);
        }
        json.addProperty("meaning", parameter.meaning());
        return json;
    }

    private static JsonElement value(double number, boolean whole) {
        return whole ? new JsonPrimitive((long) number) : number(number);
    }

    /**
     * A sparse run.
     *
     * @param source the model's name
     * @param scopes which heads each choice was given, in words; those that are missing have all
     */
    public static JsonObject result(
            String source, SparseResult result, Map<PolicyChoice, String> scopes) {
        JsonObject json = new JsonObject();
        json.addProperty("source", source);
        json.addProperty("tokens", result.tokens().size());
        json.addProperty("prompt", result.prompt());
        JsonArray choices = new JsonArray();
        for (PolicyChoice choice : result.assignment().choices()) {
            JsonObject one = choice(choice, result.tokens().size());
            one.addProperty("heads", scopes.getOrDefault(choice, "all"));
            choices.add(one);
        }
        json.add("policies", choices);
        json.add("density", number(result.density()));
        json.add("computed", number(result.computed()));
        json.add("recall", recall(result.recall(), result.degenerate()));
        json.add("outputError", number(result.worstLayerError()));
        end(json, result.endToEnd());
        times(json, result.times());
        json.addProperty("bytesRead", result.bytesRead());
        json.addProperty("denseBytesRead", result.denseBytesRead());
        json.add(
                "needle",
                result.needle().<JsonElement>map(SparseJson::needle).orElse(JsonNull.INSTANCE));
        json.addProperty("degenerate", result.degenerate());
        json.add("attention", attention(result.attention()));
        JsonArray layers = new JsonArray();
        result.layers().forEach(layer -> layers.add(layer(layer)));
        json.add("layers", layers);
        JsonArray heads = new JsonArray();
        result.heads().forEach(head -> heads.add(head(head)));
        json.add("heads", heads);
        JsonArray notes = new JsonArray();
        SparseNotes.of(result).forEach(notes::add);
        json.add("warnings", notes);
        return json;
    }

    /** Where attention was computed, and blocks were chosen. */
    private static JsonObject attention(AttentionUse use) {
        JsonObject json = new JsonObject();
        json.addProperty("device", use.place().device().word());
        json.addProperty("numbers", use.place().numbers());
        json.addProperty("deviceCalls", use.calls().device());
        json.addProperty("processorCalls", use.calls().processor());
        JsonObject detours = new JsonObject();
        use.calls().detours().forEach((why, count) -> detours.addProperty(why.key(), count));
        json.add("detours", detours);
        json.addProperty("scoredOnDevice", use.scored());
        json.addProperty("chosenOnDevice", use.chosen());
        return json;
    }

    /** A policy with its settings. */
    static JsonObject choice(PolicyChoice choice, int tokens) {
        JsonObject json = new JsonObject();
        json.addProperty("name", choice.info().name());
        json.addProperty("title", choice.info().title());
        json.addProperty("phase", choice.info().phase().word());
        json.addProperty("honest", choice.info().honesty().word());
        json.add("settings", settings(choice.settings()));
        json.addProperty("scaled", !SparseNotes.scaled(choice, tokens).isEmpty());
        return json;
    }

    private static JsonObject settings(Settings settings) {
        JsonObject json = new JsonObject();
        for (Parameter parameter : settings.info().parameters()) {
            String name = parameter.name();
            if (parameter.choices().isEmpty()) {
                json.add(name, value(settings.real(name), parameter.whole()));
            } else {
                json.addProperty(name, settings.choice(name));
            }
        }
        return json;
    }

    /** Shares of the dense probability; null where they are not known, 1 where all was kept. */
    private static JsonObject recall(RecallShares recall, boolean whole) {
        JsonObject json = new JsonObject();
        json.addProperty("rows", recall.rows());
        json.add("mean", number(whole ? 1 : recall.mean()));
        json.add("p5", number(whole ? 1 : recall.p5()));
        json.add("min", number(whole ? 1 : recall.least()));
        json.add("meanWithoutSink", number(whole ? 1 : recall.withoutSink()));
        json.add("oracle", number(whole ? 1 : recall.oracle()));
        return json;
    }

    private static void end(JsonObject json, Optional<EndToEnd> end) {
        json.add("kl", number(end.map(EndToEnd::kl).orElse(Double.NaN)));
        json.add("klLast", number(end.map(EndToEnd::klLast).orElse(Double.NaN)));
        json.add("top1Agreement", number(end.map(EndToEnd::top1Agreement).orElse(Double.NaN)));
        json.add("lossDense", number(end.map(EndToEnd::lossDense).orElse(Double.NaN)));
        json.add("lossSparse", number(end.map(EndToEnd::lossSparse).orElse(Double.NaN)));
        json.add("lossRatio", number(end.map(EndToEnd::lossRatio).orElse(Double.NaN)));
    }

    private static void times(JsonObject json, SparseTimes times) {
        JsonObject time = new JsonObject();
        time.add("select", number(times.select()));
        time.add("attend", number(times.attend()));
        time.add("rest", number(times.rest()));
        time.add("dense", number(times.dense()));
        time.add("denseAttend", number(times.denseAttend()));
        time.add("decode", number(times.decode()));
        time.add("denseSteps", times.steps().map(SparseJson::steps).orElse(JsonNull.INSTANCE));
        json.add("time", time);
        json.add("speedup", number(times.speedup()));
        json.add("attentionSpeedup", number(times.attentionSpeedup()));
        json.add("decodeSpeedup", number(times.decodeSpeedup()));
    }

    private static JsonElement steps(DenseSteps steps) {
        JsonObject json = new JsonObject();
        json.add("attend", number(steps.attend()));
        json.add("decode", number(steps.decode()));
        json.addProperty("bytesRead", steps.bytes());
        return json;
    }

    private static JsonObject needle(NeedleFate fate) {
        JsonObject json = new JsonObject();
        json.add("kept", number(fate.kept()));
        json.add("mass", number(fate.mass()));
        json.addProperty("lostHeads", fate.lostHeads());
        json.addProperty("heads", fate.heads());
        return json;
    }

    private static JsonObject layer(LayerFidelity layer) {
        JsonObject json = new JsonObject();
        json.addProperty("layer", layer.layer());
        json.addProperty("phase", layer.phase().word());
        json.add("outputError", number(layer.outputError()));
        json.add("select", number(layer.selecting() * MILLIS));
        json.add("attend", number(layer.attending() * MILLIS));
        return json;
    }

    private static JsonObject head(HeadFidelity head) {
        JsonObject json = new JsonObject();
        json.addProperty("layer", head.head().layer());
        json.addProperty("head", head.head().head());
        json.addProperty("name", "L" + head.head().layer() + "H" + head.head().head());
        json.addProperty("phase", head.phase().word());
        json.addProperty("policy", head.choice().info().name());
        json.add("density", number(head.density()));
        json.add("computed", number(head.computed()));
        json.add("recall", recall(head.recall(), head.keptAll()));
        json.add("outputError", number(head.outputError()));
        return json;
    }

    static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
