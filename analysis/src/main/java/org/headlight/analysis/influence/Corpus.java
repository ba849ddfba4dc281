package org.headlight.analysis.influence;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the documents of a corpus one after another, never all at once. A JSONL file has an object
 * a line with {@code text} (or {@code content}), and perhaps {@code id} and {@code domain}. Any
 * other text file has a document a paragraph: what stands between empty lines.
 */
public final class Corpus implements AutoCloseable {
    private static final String EXPECTED =
            "; expected an object a line with its text, such as {\"id\": \"1\", \"text\": \"It was"
                    + " ...\"}.";

    private final String name;
    private final boolean jsonl;
    private final BufferedReader lines;
    private final @Nullable SeekableByteChannel channel;
    private final long size;
    private long line;

    private Corpus(
            String name,
            boolean jsonl,
            Reader reader,
            @Nullable SeekableByteChannel channel,
            long size) {
        this.name = name;
        this.jsonl = jsonl;
        this.lines = new BufferedReader(reader);
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a file.
     *
     * @param file JSONL when its name ends in .jsonl, .ndjson or .json; paragraphs otherwise
     * @throws BadInputException when it cannot be read
     */
    public static Corpus open(Path file) {
        if (Files.isDirectory(file)) {
            throw new BadInputException(
                    file + " is a folder; give the path of a corpus, a text or JSONL file.");
        }
        String lower = file.toString().toLowerCase(Locale.ROOT);
        boolean jsonl =
                lower.endsWith(".jsonl") || lower.endsWith(".ndjson") || lower.endsWith(".json");
        try {
            SeekableByteChannel channel = Files.newByteChannel(file);
            return new Corpus(
                    file.toString(),
                    jsonl,
                    Channels.newReader(channel, StandardCharsets.UTF_8.newDecoder(), -1),
                    channel,
                    channel.size());
        } catch (IOException e) {
            throw new BadInputException(
                    file
                            + (Files.exists(file)
                                    ? " cannot be read; check that you may read it."
                                    : " does not exist; give the path of a corpus, a text or JSONL"
                                            + " file."),
                    e);
        }
    }

    /** A corpus that is in memory already, as JSONL. */
    public static Corpus ofJsonLines(String name, String text) {
        return new Corpus(name, true, new StringReader(text), null, text.length());
    }

    /** How much of it has been read, 0 to 1; negative when it is not known. */
    public double fraction() {
        try {
            return channel == null || size == 0 ? -1 : (double) channel.position() / size;
        } catch (IOException e) {
            return -1;
        }
    }

    /**
     * The next document; empty after the last.
     *
     * @throws BadInputException when the file cannot be read, or a line is no document
     */
    public Optional<Document> next() {
        try {
            return jsonl ? object() : paragraph();
        } catch (CharacterCodingException e) {
            throw new BadInputException(
                    name + " is not UTF-8 text after line " + line + "; save it as UTF-8.", e);
        } catch (IOException e) {
            throw new BadInputException(
                    name + " could not be read after line " + line + "; check the file.", e);
        }
    }

    private @Nullable String line() throws IOException {
        String text = lines.readLine();
        if (text != null) {
            line++;
            return line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
        return null;
    }

    private Optional<Document> paragraph() throws IOException {
        StringBuilder text = new StringBuilder();
        long from = 0;
        for (String next = line(); next != null; next = line()) {
            if (!next.isBlank()) {
                from = from == 0 ? line : from;
                text.append(text.isEmpty() ? "" : "\n").append(next);
            } else if (from > 0) {
                break;
            }
        }
        return from == 0
                ? Optional.empty()
                : Optional.of(new Document("line " + from, "", text.toString()));
    }

    private Optional<Document> object() throws IOException {
        String next = line();
        while (next != null && next.isBlank()) {
            next = line();
        }
        return next == null ? Optional.empty() : Optional.of(document(next));
    }

    private Document document(String text) {
        JsonElement element;
        try {
            element = JsonParser.parseString(text);
        } catch (JsonParseException e) {
            throw new BadInputException(
                    name + ", line " + line + ", is no JSON object" + EXPECTED, e);
        }
        if (!element.isJsonObject()) {
            throw new BadInputException(name + ", line " + line + ", is no JSON object" + EXPECTED);
        }
        JsonObject object = element.getAsJsonObject();
        String body =
                string(object, "text")
                        .or(() -> string(object, "content"))
                        .orElseThrow(() ->
                                new BadInputException(
                                        name
                                                + ", line "
                                                + line
                                                + ", has neither \"text\" nor \"content\" as a"
                                                + " string"
                                                + EXPECTED));
        return new Document(
                string(object, "id").orElse("line " + line),
                string(object, "domain").orElse(""),
                body);
    }

    private static Optional<String> string(JsonObject object, String key) {
        JsonElement value = object.get(key);
        boolean plain =
                value != null
                        && value.isJsonPrimitive()
                        && (key.equals("id") || value.getAsJsonPrimitive().isString());
        return plain ? Optional.of(value.getAsString()) : Optional.empty();
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new BadInputException(name + " could not be closed.", e);
        }
    }
}
