package org.headlight.app.sinks;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.sinks.Answer;
import org.headlight.analysis.sinks.CalibrationResult;
import org.headlight.analysis.sinks.EvictionCase;
import org.headlight.analysis.sinks.EvictionResult;
import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.LogitChange;
import org.headlight.analysis.sinks.NextToken;
import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.Sink;
import org.headlight.analysis.sinks.SinkReport;
import org.headlight.analysis.sinks.SinkThresholds;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.Map;

/** The results of the sinks reading as the command line prints them. */
public final class SinksJson {
    private final JsonObject document = new JsonObject();

    /**
     * Begins a document.
     *
     * @param source the model's or the dump's name
     */
    public SinksJson(String source) {
        document.addProperty("source", source);
    }

    /** The whole document. */
    public JsonObject document() {
        return document;
    }

    /** Adds what every head's tokens receive. */
    public SinksJson report(SinkReport report, SinkThresholds thresholds) {
        document.addProperty("tokens", report.tokens().size());
        document.addProperty("epsilon", thresholds.epsilon());
        document.addProperty("threshold", thresholds.threshold());
        document.addProperty("minQueries", thresholds.minQueries());
        JsonArray heads = new JsonArray();
        for (HeadReceived head : report.heads()) {
            heads.add(head(head, thresholds));
        }
        document.add("heads", heads);
        document.add("sinkRate", numbers(report.rate(thresholds.epsilon())));
        return this;
    }

    private static JsonObject head(HeadReceived head, SinkThresholds thresholds) {
        JsonObject json = new JsonObject();
        json.addProperty("layer", head.layer());
        json.addProperty("head", head.head());
        json.addProperty("name", head.name());
        JsonArray received = new JsonArray(head.received().keys());
        for (float mass : head.received().toArray()) {
            received.add(mass);
        }
        json.add("received", received);
        JsonArray sinks = new JsonArray();
        for (Sink sink : head.sinks(thresholds)) {
            JsonObject one = new JsonObject();
            one.addProperty("position", sink.position());
            one.addProperty("token", sink.token().text());
            one.addProperty("received", (float) sink.received());
            one.addProperty("queries", sink.queries());
            sinks.add(one);
        }
        json.add("sinks", sinks);
        return json;
    }

    /** Adds the sink rate over many prompts. */
    public SinksJson prompts(PromptRate rate) {
        JsonObject json = new JsonObject();
        json.addProperty("used", rate.used());
        json.addProperty("tooShort", rate.tooShort());
        json.addProperty("length", rate.length());
        json.addProperty("epsilon", rate.epsilon());
        json.add("sinkRate", numbers(rate.rate()));
        JsonArray heads = new JsonArray();
        for (PromptRate.HeadRate head : rate.heads()) {
            JsonObject one = new JsonObject();
            one.addProperty("layer", head.layer());
            one.addProperty("head", head.head());
            one.addProperty("name", head.name());
            one.addProperty("sinkRate", head.rate());
            one.addProperty("received0", head.received());
            heads.add(one);
        }
        json.add("heads", heads);
        document.add("prompts", json);
        return this;
    }

    /** Adds what calibration did. */
    public SinksJson calibration(CalibrationResult result, List<Token> tokens) {
        JsonObject json = new JsonObject();
        json.addProperty("rule", result.settings().rule().id());
        json.addProperty(result.settings().rule().parameter(), result.settings().number());
        json.addProperty("beta", result.settings().beta());
        JsonArray heads = new JsonArray();
        for (Map.Entry<HeadAddress, List<Integer>> entry : result.chosen().entrySet()) {
            JsonObject one = new JsonObject();
            one.addProperty("layer", entry.getKey().layer());
            one.addProperty("head", entry.getKey().head());
            JsonArray keys = new JsonArray();
            for (int key : entry.getValue()) {
                JsonObject sink = new JsonObject();
                sink.addProperty("position", key);
                sink.addProperty("token", tokens.get(key).text());
                keys.add(sink);
            }
            one.add("calibrated", keys);
            heads.add(one);
        }
        json.add("heads", heads);
        change(json, result.change());
        result.before().ifPresent(answer -> json.add("answerBefore", answer(answer)));
        result.after().ifPresent(answer -> json.add("answerAfter", answer(answer)));
        json.addProperty("secondsBefore", result.seconds().plain());
        json.addProperty("secondsAfter", result.seconds().calibrated());
        document.add("calibration", json);
        return this;
    }

    private static void change(JsonObject json, LogitChange change) {
        json.add("lossBefore", number(change.lossBefore()));
        json.add("lossAfter", number(change.lossAfter()));
        json.add("logitMeanAbs", number(change.meanAbs()));
        json.add("logitMaxAbs", number(change.maxAbs()));
        json.add("kl", number(change.kl()));
        json.add("klLast", number(change.klLast()));
        json.add("top1Agreement", number(change.top1Agreement()));
        JsonArray next = new JsonArray();
        for (NextToken token : change.next()) {
            JsonObject one = new JsonObject();
            one.addProperty("id", token.token().id());
            one.addProperty("token", token.token().text());
            one.add("before", number(token.before()));
            one.add("after", number(token.after()));
            next.add(one);
        }
        json.add("next", next);
    }

    private static JsonObject answer(Answer answer) {
        JsonObject json = new JsonObject();
        JsonArray ids = new JsonArray();
        answer.tokens().forEach(token -> ids.add(token.id()));
        json.add("tokens", ids);
        json.addProperty("text", answer.text());
        return json;
    }

    /** Adds what evicting the first keys did. */
    public SinksJson eviction(EvictionResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("window", result.settings().window());
        json.addProperty("first", result.settings().sinks());
        json.addProperty("foretold", result.foretold());
        JsonArray cases = new JsonArray();
        for (EvictionCase one : result.cases()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("name", one.name());
            entry.addProperty("first", one.first());
            entry.addProperty("recent", one.recent());
            entry.add("loss", number(one.loss()));
            entry.add("perplexity", number(one.perplexity()));
            entry.add("lossAll", number(one.lossAll()));
            entry.add("seconds", number(one.seconds()));
            cases.add(entry);
        }
        json.add("cases", cases);
        document.add("eviction", json);
        return this;
    }

    private static JsonArray numbers(double[] values) {
        JsonArray array = new JsonArray(values.length);
        for (double value : values) {
            array.add(number(value));
        }
        return array;
    }

    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
