package org.headlight.app.xattention;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.antidiagonal.BlockQuality;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.analysis.antidiagonal.XAttentionOptions;

import java.util.List;

/** The result as JSON: what the command prints and the pane exports. */
public final class BlocksJson {
    private final boolean masks;

    /**
     * With or without the blocks themselves.
     *
     * @param masks whether every head has its block sums and its mask
     */
    public BlocksJson(boolean masks) {
        this.masks = masks;
    }

    /** The document. */
    public JsonObject document(
            String source, int tokens, XAttentionOptions options, List<HeadBlocks> heads) {
        JsonObject document = new JsonObject();
        document.addProperty("source", source);
        document.addProperty("tokens", tokens);
        document.addProperty("block", options.block());
        document.addProperty("stride", options.stride());
        document.addProperty("threshold", options.threshold());
        document.addProperty("select", options.rule().word());
        document.addProperty("variant", options.variant().word());
        JsonArray array = new JsonArray();
        heads.forEach(head -> array.add(json(head)));
        document.add("heads", array);
        return document;
    }

    private JsonObject json(HeadBlocks head) {
        BlockQuality quality = head.quality();
        JsonObject json = new JsonObject();
        json.addProperty("layer", head.layer());
        json.addProperty("head", head.head());
        json.addProperty("name", head.name());
        json.addProperty("threshold", head.options().threshold());
        json.add("density", number(quality.density()));
        json.add("recall", number(quality.recall()));
        json.add("recallWithoutSink", number(quality.recallWithoutSink()));
        json.add("lowestRecall", number(quality.lowestRecall()));
        json.add("oracleRecall", number(quality.oracleRecall()));
        json.add("rankCorrelation", number(quality.rankCorrelation()));
        json.addProperty("chosen", head.chosen().size());
        json.addProperty("blocks", head.grid().count());
        json.addProperty("missed", quality.missed().size());
        json.add("profileThreshold", number(head.profiled()));
        if (masks) {
            json.add("blockSums", table(head.scores()));
            json.add("trueSums", table(head.mass()));
            json.add("mask", mask(head));
        }
        return json;
    }

    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }

    private static JsonArray table(BlockTable table) {
        JsonArray rows = new JsonArray();
        for (int row = 0; row < table.rows(); row++) {
            JsonArray cells = new JsonArray();
            for (int col = 0; col < table.cols(); col++) {
                cells.add(table.get(row, col));
            }
            rows.add(cells);
        }
        return rows;
    }

    private static JsonArray mask(HeadBlocks head) {
        JsonArray rows = new JsonArray();
        for (int row = 0; row < head.grid().rows(); row++) {
            JsonArray cells = new JsonArray();
            for (int col = 0; col < head.grid().cols(); col++) {
                cells.add(head.chosen().contains(row, col) ? 1 : 0);
            }
            rows.add(cells);
        }
        return rows;
    }
}
