package org.headlight.engine.dump;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the safetensors container: eight bytes of header length, a JSON header, the data. Nothing
 * in a file is ever executed, and every offset is checked before it is used. Format: {@code
 * github.com/huggingface/safetensors}.
 */
final class SafetensorsReader {
    /** Upper limit of the header; the format itself allows 100 MB. */
    static final long MAX_HEADER = 100_000_000;

    private static final int MAX_RANK = 8;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String file;
    private final MemorySegment bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private record Entry(String type, List<Long> shape, long begin, long end) {}

    private SafetensorsReader(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Whether the first bytes look like this container: a plausible length, then a brace. */
    static boolean looksLike(byte[] head, long size) {
        if (head.length < 9 || head[8] != '{') {
            return false;
        }
        long length = MemorySegment.ofArray(head).get(LONG, 0);
        return length > 0 && length <= MAX_HEADER && 8 + length <= Math.max(size, 8 + length);
    }

    static TensorFile read(String file, MemorySegment bytes) {
        return new SafetensorsReader(file, bytes).read();
    }

    private TensorFile read() {
        long size = bytes.byteSize();
        if (size < 10) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is %,d bytes long, too short for a safetensors file: save it"
                                    + " again.",
                            file,
                            size));
        }
        long header = bytes.get(LONG, 0);
        if (header < 2 || header > MAX_HEADER) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is not a safetensors file: its first 8 bytes give a header of %s"
                                + " bytes, where 2 to %,d were expected; save it again or choose"
                                + " another file.",
                            file,
                            Long.toUnsignedString(header),
                            MAX_HEADER));
        }
        if (8 + header > size) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is truncated: its header needs %,d bytes and the file has %,d; copy"
                                    + " or save it again.",
                            file,
                            8 + header,
                            size));
        }
        parse(text(header));
        return assemble(bytes.asSlice(8 + header), size);
    }

    private String text(long header) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.asSlice(8, header).asByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(
                    file + " has a safetensors header that is not UTF-8: save it again.", e);
        }
    }

    private void parse(String json) {
        try (JsonReader in = new JsonReader(new StringReader(json))) {
            in.setStrictness(Strictness.STRICT);
            in.beginObject();
            while (in.hasNext()) {
                String name = in.nextName();
                if (name.equals("__metadata__")) {
                    metadata(in);
                } else if (entries.put(name, entry(name, in)) != null) {
                    throw bad(String.format(Locale.ROOT, "names the tensor \"%s\" twice", name));
                }
            }
            in.endObject();
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw bad("goes on after its closing brace");
            }
        } catch (MalformedJsonException | IllegalStateException | NumberFormatException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has a safetensors header that is not valid JSON (%s): save it"
                                    + " again.",
                            file,
                            firstLine(e)),
                    e);
        } catch (IOException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has a safetensors header that ends too early: save it again.",
                            file),
                    e);
        }
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }

    private void metadata(JsonReader in) throws IOException {
        in.beginObject();
        while (in.hasNext()) {
            String key = in.nextName();
            if (in.peek() != JsonToken.STRING) {
                throw bad(
                        String.format(
                                Locale.ROOT, "has metadata \"%s\" that is not a string", key));
            }
            metadata.put(key, in.nextString());
        }
        in.endObject();
    }

    private Entry entry(String name, JsonReader in) throws IOException {
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        in.beginObject();
        while (in.hasNext()) {
            switch (in.nextName()) {
                case "dtype" -> type = in.nextString();
                case "shape" -> shape = longs(name, in);
                case "data_offsets" -> offsets = longs(name, in);
                default -> in.skipValue();
            }
        }
        in.endObject();
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "does not give dtype, shape and two data_offsets for \"%s\"",
                            name));
        }
        return new Entry(type, List.copyOf(shape), offsets.get(0), offsets.get(1));
    }

    private List<Long> longs(String name, JsonReader in) throws IOException {
        List<Long> values = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            long value = in.nextLong();
            if (value < 0 || values.size() == MAX_RANK) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "has a shape or offsets of \"%s\" that cannot be",
                                name));
            }
            values.add(value);
        }
        in.endArray();
        return values;
    }

    private TensorFile assemble(MemorySegment data, long size) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> foreign = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            inside(name, entry, data.byteSize());
            ElementType type = ElementType.ofSafetensors(entry.type);
            if (type == null) {
                foreign.put(name, entry.type);
            } else {
                tensors.put(name, tensor(name, type, entry, data));
            }
        });
        overlaps();
        return new TensorFile(tensors, foreign, metadata, size);
    }

    private void inside(String name, Entry entry, long available) {
        if (entry.begin > entry.end) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "gives \"%s\" offsets %,d to %,d",
                            name,
                            entry.begin,
                            entry.end));
        }
        if (entry.end > available) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is truncated: \"%s\" ends at byte %,d of the data and the file has"
                                    + " %,d; copy or save it again.",
                            file,
                            name,
                            entry.end,
                            available));
        }
    }

    private Tensor tensor(String name, ElementType type, Entry entry, MemorySegment data) {
        Long needed = bytes(entry.shape, type.bytes());
        long given = entry.end - entry.begin;
        if (needed == null || needed != given) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "gives \"%s\" %,d bytes; its shape %s and type %s need %s",
                            name,
                            given,
                            entry.shape,
                            entry.type,
                            needed == null
                                    ? "more than a file can hold"
                                    : String.format(Locale.ROOT, "%,d", needed)));
        }
        return new Tensor(name, type, entry.shape, data.asSlice(entry.begin, given), false);
    }

    /** Bytes of a shape; null when the number overflows. */
    static @Nullable Long bytes(List<Long> shape, int each) {
        try {
            long bytes = each;
            for (long n : shape) {
                bytes = Math.multiplyExact(bytes, n);
            }
            return bytes;
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private void overlaps() {
        List<Map.Entry<String, Entry>> byBegin = new ArrayList<>(entries.entrySet());
        byBegin.removeIf(e -> e.getValue().begin == e.getValue().end);
        byBegin.sort(Comparator.comparingLong(e -> e.getValue().begin));
        for (int i = 1; i < byBegin.size(); i++) {
            if (byBegin.get(i).getValue().begin < byBegin.get(i - 1).getValue().end) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "lets \"%s\" and \"%s\" share bytes",
                                byBegin.get(i - 1).getKey(),
                                byBegin.get(i).getKey()));
            }
        }
    }

    private BadInputException bad(String what) {
        return new BadInputException(
                String.format(
                        Locale.ROOT,
                        "%s has a safetensors header that %s: save it again.",
                        file,
                        what));
    }
}
