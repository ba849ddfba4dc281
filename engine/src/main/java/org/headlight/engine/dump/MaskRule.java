package org.headlight.engine.dump;

import com.google.gson.JsonObject;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.RelativeMask;

/** How a mask is written into a capture file: as a rule where it is one. */
sealed interface MaskRule {

    /** Every query sees every key. */
    record Full() implements MaskRule {}

    /** Causal, shifted by {@code offset} keys. */
    record Causal(int offset) implements MaskRule {}

    /** Causal, and only the last {@code width} keys. */
    record Window(int offset, int width) implements MaskRule {}

    /** One run of keys a query, kept in the tensor {@code spans} [N, 2]: first key, end. */
    record Spans() implements MaskRule {}

    /**
     * One run of keys a query, kept as for {@link Spans}, and what is added by the distance of key
     * and query, kept in the tensor {@code distances} [H, N + M - 1]: at d + N - 1 where the key's
     * number less the query's is d.
     */
    record Distances() implements MaskRule {}

    /** Numbers, kept in the tensor {@code mask} [H or 1, N or 1, M]. */
    record Explicit() implements MaskRule {}

    /** The shortest rule that says exactly what the mask does to a map of that size. */
    static MaskRule of(AttentionMask mask, int rows, int cols) {
        if (mask instanceof RelativeMask) {
            return new Distances();
        }
        if (!mask.unbiased()) {
            return new Explicit();
        }
        int offset = mask.endKey(0) - 1;
        boolean full = true;
        boolean diagonal = offset >= 0;
        boolean fromZero = true;
        for (int row = 0; row < rows; row++) {
            int first = mask.firstKey(row);
            int end = Math.min(cols, mask.endKey(row));
            full &= first == 0 && end == cols;
            diagonal &= end == Math.min(cols, row + offset + 1);
            fromZero &= first == 0;
        }
        if (full && !mask.causal()) {
            return new Full();
        }
        if (diagonal && fromZero) {
            return new Causal(offset);
        }
        int width = mask.endKey(rows - 1) - mask.firstKey(rows - 1);
        return diagonal && windowed(mask, rows, offset, width)
                ? new Window(offset, width)
                : new Spans();
    }

    private static boolean windowed(AttentionMask mask, int rows, int offset, int width) {
        AttentionMask window = AttentionMask.window(offset, width);
        for (int row = 0; row < rows; row++) {
            if (mask.firstKey(row) != window.firstKey(row)) {
                return false;
            }
        }
        return true;
    }

    /** The JSON of the rule, such as {@code {"rule": "window", "offset": 0, "width": 256}}. */
    default JsonObject json() {
        JsonObject json = new JsonObject();
        switch (this) {
            case Full() -> json.addProperty("rule", "full");
            case Causal(int offset) -> {
                json.addProperty("rule", "causal");
                json.addProperty("offset", offset);
            }
            case Window(int offset, int width) -> {
                json.addProperty("rule", "window");
                json.addProperty("offset", offset);
                json.addProperty("width", width);
            }
            case Distances() -> json.addProperty("rule", "distances");
            case Spans() -> json.addProperty("rule", "spans");
            case Explicit() -> json.addProperty("rule", "tensor");
        }
        return json;
    }

    /** Reads {@link #json()} back; anything else is an {@link IllegalArgumentException}. */
    static MaskRule of(JsonObject json) {
        return switch (json.get("rule").getAsString()) {
            case "full" -> new Full();
            case "causal" -> new Causal(json.get("offset").getAsInt());
            case "window" ->
                    new Window(json.get("offset").getAsInt(), json.get("width").getAsInt());
            case "distances" -> new Distances();
            case "spans" -> new Spans();
            case "tensor" -> new Explicit();
            default -> throw new IllegalArgumentException("mask rule " + json.get("rule"));
        };
    }
}
