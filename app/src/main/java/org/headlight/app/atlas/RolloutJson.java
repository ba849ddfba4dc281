package org.headlight.app.atlas;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.analysis.heads.flow.Followed;

import java.util.Locale;

/** Rollout and flow as the JSON that the command line prints and the pane writes. */
public final class RolloutJson {
    private RolloutJson() {}

    /**
     * The document of one position.
     *
     * @param source what was read
     */
    public static JsonObject document(String source, Followed followed) {
        JsonObject json = new JsonObject();
        Followed.Way way = followed.way();
        int position = way.position();
        json.addProperty("source", source);
        json.addProperty("tokens", followed.tokens().size());
        json.addProperty("measure", way.measure().name().toLowerCase(Locale.ROOT));
        json.addProperty("residual", way.residual());
        json.addProperty("position", position);
        json.addProperty("token", followed.tokens().get(position).text());
        JsonArray layers = new JsonArray();
        followed.layers().forEach(layers::add);
        json.add("layers", layers);
        JsonArray shares = new JsonArray();
        for (int token = 0; token < followed.tokens().size(); token++) {
            shares.add(followed.share(token));
        }
        json.add("shares", shares);
        JsonArray before = new JsonArray();
        for (int layer = 0; layer < followed.layers().size(); layer++) {
            JsonArray row = new JsonArray();
            for (int token = 0; token < followed.tokens().size(); token++) {
                row.add(followed.before(layer, token));
            }
            before.add(row);
        }
        json.add("rolloutBeforeLayer", before);
        return json;
    }

    /** Adds what every position takes, [N][N]. */
    public static void addEvery(JsonObject document, double[][] every) {
        JsonArray rows = new JsonArray();
        for (double[] row : every) {
            JsonArray shares = new JsonArray();
            for (double share : row) {
                shares.add(share);
            }
            rows.add(shares);
        }
        document.add("every", rows);
    }
}
