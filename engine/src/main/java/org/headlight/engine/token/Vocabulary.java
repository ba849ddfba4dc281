package org.headlight.engine.token;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** The pieces of a tokenizer.json by id. */
final class Vocabulary {
    private static final long LARGEST_FILE = 512L << 20;
    private static final int LARGEST_ID = 1 << 24;

    private @Nullable String[] pieces = new String[0];
    private boolean[] added = new boolean[0];
    private boolean[] special = new boolean[0];
    private final PieceText form;
    private final String prefix;

    private Vocabulary(PieceText form, String prefix) {
        this.form = form;
        this.prefix = prefix;
    }

    /**
     * Reads a tokenizer.json.
     *
     * @throws BadInputException when it is unreadable, no tokenizer, or absurd
     */
    static Vocabulary read(Path file) {
        if (Files.isDirectory(file)) {
            throw new BadInputException(
                    file
                            + " is a folder; expected the file tokenizer.json of a Hugging Face"
                            + " model: put that there, or remove the folder and give token ids.");
        }
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new BadInputException(
                        file
                                + " is larger than 512 MB, which no tokenizer is; expected the"
                                + " tokenizer.json of a Hugging Face model: copy it again, or"
                                + " remove it and give token ids.");
            }
            try (Reader reader = Files.newBufferedReader(file)) {
                return of(JsonParser.parseReader(reader).getAsJsonObject());
            }
        } catch (NoSuchFileException e) {
            throw new BadInputException(file + " cannot be read: it is not there.", e);
        } catch (IOException e) {
            throw new BadInputException(file + " cannot be read: " + e.getMessage() + ".", e);
        } catch (JsonParseException
                | IllegalStateException
                | IndexOutOfBoundsException
                | UnsupportedOperationException
                | ClassCastException
                | NullPointerException
                | NumberFormatException e) {
            throw new BadInputException(
                    file
                            + " is not a tokenizer; expected the tokenizer.json of a Hugging Face"
                            + " model: copy it again, or remove it and give token ids.",
                    e);
        }
    }

    private static Vocabulary of(JsonObject json) {
        if (!json.has("model") || !json.get("model").isJsonObject()) {
            throw new IllegalStateException("no model");
        }
        JsonObject model = json.getAsJsonObject("model");
        PieceText form = PieceText.PLAIN;
        for (String part : new String[] {"decoder", "pre_tokenizer"}) {
            if (form == PieceText.PLAIN && json.has(part)) {
                form = form(json.get(part), 0);
            }
        }
        JsonElement mark = model.get("continuing_subword_prefix");
        Vocabulary vocabulary =
                new Vocabulary(form, mark == null || mark.isJsonNull() ? "" : mark.getAsString());
        vocabulary.putAll(model.get("vocab"));
        if (json.has("added_tokens") && json.get("added_tokens").isJsonArray()) {
            for (JsonElement e : json.getAsJsonArray("added_tokens")) {
                JsonObject token = e.getAsJsonObject();
                boolean isSpecial = token.has("special") && token.get("special").getAsBoolean();
                vocabulary.put(
                        token.get("id").getAsInt(),
                        token.get("content").getAsString(),
                        true,
                        isSpecial);
            }
        }
        return vocabulary;
    }

    private void putAll(@Nullable JsonElement vocab) {
        if (vocab != null && vocab.isJsonObject()) {
            for (Map.Entry<String, JsonElement> e : vocab.getAsJsonObject().entrySet()) {
                put(e.getValue().getAsInt(), e.getKey(), false, false);
            }
        } else if (vocab != null && vocab.isJsonArray()) {
            JsonArray list = vocab.getAsJsonArray();
            for (int id = 0; id < list.size(); id++) {
                put(id, list.get(id).getAsJsonArray().get(0).getAsString(), false, false);
            }
        } else {
            throw new IllegalStateException("no vocabulary");
        }
    }

    /** Finds the form by the names of the parts, wherever they are nested. */
    private static PieceText form(JsonElement part, int depth) {
        if (part.isJsonArray()) {
            for (JsonElement e : part.getAsJsonArray()) {
                PieceText found = form(e, depth + 1);
                if (found != PieceText.PLAIN) {
                    return found;
                }
            }
        } else if (part.isJsonObject() && depth < 8) {
            JsonObject object = part.getAsJsonObject();
            String type = object.has("type") ? object.get("type").getAsString() : "";
            if (type.equals("ByteLevel")) {
                return PieceText.BYTE_LEVEL;
            }
            if (type.equals("Metaspace") || type.equals("ByteFallback")) {
                return PieceText.METASPACE;
            }
            for (String list : new String[] {"decoders", "pretokenizers"}) {
                if (object.has(list)) {
                    return form(object.get(list), depth + 1);
                }
            }
        }
        return PieceText.PLAIN;
    }

    private void put(int id, String piece, boolean isAdded, boolean isSpecial) {
        if (id < 0 || id > LARGEST_ID) {
            throw new IllegalStateException("id " + id);
        }
        if (id >= pieces.length) {
            int size = Math.max(id + 1, Math.min(pieces.length * 2, id + 4096));
            pieces = Arrays.copyOf(pieces, size);
            added = Arrays.copyOf(added, size);
            special = Arrays.copyOf(special, size);
        }
        pieces[id] = piece;
        added[id] = isAdded;
        special[id] = isSpecial;
    }

    /** One more than the largest id. */
    int size() {
        int size = pieces.length;
        while (size > 0 && pieces[size - 1] == null) {
            size--;
        }
        return size;
    }

    boolean special(int id) {
        return id < special.length && special[id];
    }

    /** Whether the exact bytes of a text are in its pieces, so that spans are not needed. */
    boolean exact() {
        return form == PieceText.BYTE_LEVEL;
    }

    /** The text of an id, as far as it is known without the text around it. */
    String text(int id) {
        String piece = id < pieces.length ? pieces[id] : null;
        if (piece == null) {
            return "#" + id;
        }
        return added[id] ? piece : form.text(piece, prefix);
    }

    /** Whether an id stands for a single byte of a text. */
    boolean byteFallback(int id) {
        String piece = id < pieces.length ? pieces[id] : null;
        return form == PieceText.METASPACE && piece != null && PieceText.fallbackByte(piece) >= 0;
    }
}
