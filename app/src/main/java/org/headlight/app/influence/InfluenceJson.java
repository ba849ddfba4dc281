package org.headlight.app.influence;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.influence.DocumentScore;
import org.headlight.analysis.influence.HeadImportance;
import org.headlight.analysis.influence.ImportantHeads;
import org.headlight.analysis.influence.InfluenceRanking;
import org.headlight.engine.cut.HeadAddress;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/** The influence of heads on documents as the command line gives it. */
public final class InfluenceJson {
    private InfluenceJson() {}

    /**
     * The document.
     *
     * @param source the model
     * @param found how the heads were found; null when they were named
     * @param masked the heads that were masked
     * @param documents in the order of the corpus
     * @param share of the documents of a domain that are selected
     * @param complete whether the whole corpus was read
     */
    public static JsonObject of(
            String source,
            @Nullable ImportantHeads found,
            List<HeadAddress> masked,
            List<DocumentScore> documents,
            double share,
            boolean complete) {
        JsonObject json = new JsonObject();
        json.addProperty("source", source);
        JsonArray names = new JsonArray();
        masked.forEach(head -> names.add("L" + head.layer() + "H" + head.head()));
        json.add("headsMasked", names);
        json.add("search", found == null ? JsonNull.INSTANCE : search(found));
        json.addProperty("selectedShare", share);
        json.addProperty("complete", complete);
        Set<Integer> selected = InfluenceRanking.selected(documents, share);
        JsonArray rows = new JsonArray();
        for (int i = 0; i < documents.size(); i++) {
            rows.add(document(documents.get(i), selected.contains(i)));
        }
        json.add("documents", rows);
        return json;
    }

    private static JsonObject document(DocumentScore document, boolean selected) {
        JsonObject json = new JsonObject();
        json.addProperty("id", document.id());
        json.addProperty("domain", document.domain());
        json.addProperty("tokens", document.tokens());
        json.addProperty("truncated", document.truncated());
        json.add("lossBase", number(document.lossBase()));
        json.add("lossMasked", number(document.lossMasked()));
        json.add("score", number(document.score()));
        json.addProperty("selected", selected);
        return json;
    }

    private static JsonObject search(ImportantHeads found) {
        JsonObject json = new JsonObject();
        json.addProperty("samples", found.samples());
        json.addProperty("settled", found.settled());
        json.addProperty("context", found.context());
        json.add("pairs", number(found.pairs()));
        json.add("accuracy", number(found.accuracy()));
        JsonArray heads = new JsonArray();
        for (HeadImportance head : found.heads()) {
            JsonObject one = new JsonObject();
            one.addProperty("layer", head.at().layer());
            one.addProperty("head", head.at().head());
            one.addProperty("name", head.name());
            one.add("score", number(head.score()));
            one.add("activation", number(head.activation()));
            one.addProperty("chosen", head.chosen());
            heads.add(one);
        }
        json.add("heads", heads);
        return json;
    }

    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
