package org.headlight.app.retrieval;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.retrieval.Copy;
import org.headlight.analysis.retrieval.HeadCopies;
import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.MaskedTrial;
import org.headlight.analysis.retrieval.Needle;
import org.headlight.analysis.retrieval.NeedleGrid;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.analysis.retrieval.TrialSettings;
import org.headlight.engine.cut.HeadAddress;

import java.util.List;

/** The JSON document of a result. */
public final class RetrievalJson {
    private RetrievalJson() {}

    /**
     * The document.
     *
     * @param kind the reading of the score that {@code score} has
     * @param evidence whether every trial is listed with what each head copied
     */
    public static JsonObject of(RetrievalResult result, ScoreKind kind, boolean evidence) {
        RetrievalScores scores = result.scores();
        JsonObject json = new JsonObject();
        json.addProperty("source", result.source());
        JsonArray needles = new JsonArray();
        result.plan().needles().stream().map(Needle::name).forEach(needles::add);
        json.add("needles", needles);
        json.addProperty("haystack", result.plan().haystack().name());
        TrialSettings settings = result.plan().settings();
        json.addProperty("maxTokens", settings.maxTokens());
        json.addProperty("topK", settings.topK());
        json.addProperty("success", settings.success());
        json.addProperty("scoreKind", kind.key());
        json.addProperty("trials", scores.trials());
        json.addProperty("succeeded", scores.succeeded());
        JsonArray heads = new JsonArray();
        scores.heads().forEach(head -> heads.add(head(head, kind)));
        json.add("heads", heads);
        JsonArray ranking = new JsonArray();
        if (scores.succeeded() > 0) {
            scores.ranked(kind).stream()
                    .filter(head -> kind.of(head) >= RetrievalScores.RETRIEVAL_HEAD)
                    .map(HeadScore::name)
                    .forEach(ranking::add);
        }
        json.add("retrievalHeads", ranking);
        json.add("grid", grid(result.grid()));
        json.add("recall", number(result.grid().recall()));
        if (!result.masked().isEmpty()) {
            JsonArray masked = new JsonArray();
            result.masked().forEach(of -> masked.add(masked(result, of)));
            json.add("masked", masked);
        }
        if (evidence) {
            JsonArray trials = new JsonArray();
            result.trials().forEach(trial -> trials.add(trial(trial)));
            json.add("evidence", trials);
        }
        return json;
    }

    private static JsonObject head(HeadScore head, ScoreKind kind) {
        JsonObject json = new JsonObject();
        json.addProperty("layer", head.head().layer());
        json.addProperty("head", head.head().head());
        json.addProperty("name", head.name());
        json.add("score", number(kind.of(head)));
        json.add("scoreSet", number(head.set()));
        json.add("scoreCount", number(head.count()));
        json.add("activation", number(head.activation()));
        json.addProperty("copied", head.copied());
        return json;
    }

    private static JsonArray grid(NeedleGrid grid) {
        JsonArray cells = new JsonArray();
        for (NeedleGrid.Cell cell : grid.cells()) {
            JsonObject json = new JsonObject();
            json.addProperty("length", cell.length());
            json.addProperty("depth", cell.depth());
            json.add("recall", number(cell.recall()));
            json.addProperty("trials", cell.trials());
            json.addProperty("succeeded", cell.succeeded());
            cells.add(json);
        }
        return cells;
    }

    private static JsonObject masked(RetrievalResult result, RetrievalResult.Masked of) {
        NeedleGrid grid = result.grid(of);
        JsonObject json = new JsonObject();
        json.addProperty("mask", of.mask().name());
        json.addProperty("phase", of.phase().key());
        json.addProperty("seed", of.seed());
        JsonArray heads = new JsonArray();
        of.mask().heads().stream().map(RetrievalJson::name).forEach(heads::add);
        json.add("heads", heads);
        json.addProperty("elsewhere", of.mask().elsewhere());
        json.add("recall", number(grid.recall()));
        json.addProperty("trials", grid.trials());
        json.addProperty("succeeded", grid.succeeded());
        json.addProperty("runs", of.trials().stream().mapToInt(MaskedTrial::passes).sum());
        json.add("grid", grid(grid));
        return json;
    }

    private static JsonObject trial(Trial trial) {
        JsonObject json = new JsonObject();
        json.addProperty("needle", trial.needle());
        json.addProperty("length", trial.length());
        json.addProperty("depth", trial.depth());
        json.addProperty("promptTokens", trial.promptTokens());
        json.addProperty("needleStart", trial.needleStart());
        json.addProperty("needleEnd", trial.needleEnd());
        json.addProperty("response", trial.text());
        json.add("responseTokens", ids(trial.response()));
        json.addProperty("stop", trial.stop());
        json.add("recall", number(trial.recall()));
        JsonArray copies = new JsonArray();
        for (HeadCopies of : trial.copies()) {
            for (Copy copy : of.copies()) {
                JsonObject line = new JsonObject();
                line.addProperty("head", name(of.head()));
                line.addProperty("step", copy.step());
                line.addProperty("position", copy.position());
                line.addProperty("token", copy.id());
                line.add("weight", number(copy.weight()));
                copies.add(line);
            }
        }
        json.add("copies", copies);
        return json;
    }

    private static JsonArray ids(List<Integer> ids) {
        JsonArray array = new JsonArray();
        ids.forEach(array::add);
        return array;
    }

    /** {@code L3H5}. */
    static String name(HeadAddress head) {
        return "L" + head.layer() + "H" + head.head();
    }

    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
