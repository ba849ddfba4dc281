package org.headlight.engine.dump;

import org.headlight.engine.problem.BadInputException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one NumPy array (versions 1, 2 and 3 of the format). Pickled objects are refused: they are
 * programs, not numbers. Format: {@code numpy.lib.format}.
 */
final class NpyReader {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 20;
    private static final int MAX_RANK = 8;
    private static final Pattern DESCR =
            Pattern.compile("['\"]descr['\"]\\s*:\\s*(?:['\"]([^'\"]{0,64})['\"]|([\\[(]))");
    private static final Pattern ORDER =
            Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE =
            Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([0-9L,\\s]{0,400})\\)");

    private NpyReader() {}

    static boolean looksLike(byte[] head) {
        if (head.length < MAGIC.length) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (head[i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads the array.
     *
     * @param file what to call the file in sentences
     * @param name the array's name inside an archive; empty for a file of its own
     * @param bytes the whole .npy
     */
    static Tensor read(String file, String name, MemorySegment bytes) {
        String where = name.isEmpty() ? file : file + ": array \"" + name + "\"";
        long size = bytes.byteSize();
        byte[] head = bytes.asSlice(0, Math.min(size, 12)).toArray(ValueLayout.JAVA_BYTE);
        if (!looksLike(head)) {
            throw new BadInputException(
                    where + " is not a NumPy array: its first bytes are not \\x93NUMPY.");
        }
        if (size < 12) {
            throw truncated(where, 12, size);
        }
        int version = head[6];
        if (version < 1 || version > 3) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has version %d of the NumPy format; expected 1, 2 or 3.",
                            where,
                            version));
        }
        int start = version == 1 ? 10 : 12;
        long length = (head[8] & 0xFF) | (head[9] & 0xFF) << 8;
        if (version > 1) {
            length |= (head[10] & 0xFFL) << 16 | (head[11] & 0xFFL) << 24;
        }
        if (length > MAX_HEADER) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has a NumPy header of %,d bytes; expected at most %,d.",
                            where,
                            length,
                            MAX_HEADER));
        }
        if (start + length > size) {
            throw truncated(where, start + length, size);
        }
        String header =
                new String(
                        bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE),
                        version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return array(where, name, header, bytes.asSlice(start + length));
    }

    private static Tensor array(String where, String name, String header, MemorySegment data) {
        ElementType type = type(where, header);
        Matcher order = ORDER.matcher(header);
        Matcher shapeText = SHAPE.matcher(header);
        if (!order.find() || !shapeText.find()) {
            throw unreadable(where);
        }
        List<Long> shape = shape(where, shapeText.group(1));
        Long needed = SafetensorsReader.bytes(shape, type.bytes());
        if (needed == null || needed > data.byteSize()) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is truncated: its shape %s needs %s bytes and the file has %,d;"
                                    + " save it again.",
                            where,
                            shape,
                            needed == null
                                    ? "more than 2^63"
                                    : String.format(Locale.ROOT, "%,d", needed),
                            data.byteSize()));
        }
        return new Tensor(
                name, type, shape, data.asSlice(0, needed), order.group(1).equals("True"));
    }

    private static ElementType type(String where, String header) {
        Matcher descr = DESCR.matcher(header);
        if (!descr.find()) {
            throw unreadable(where);
        }
        String text = descr.group(1) == null ? "a record" : descr.group(1);
        if (text.contains("O")) {
            throw new BadInputException(
                    where
                            + " holds pickled Python objects, which could run code and are never"
                            + " opened: save plain numbers with numpy.save(file,"
                            + " array.astype(\"float32\")).");
        }
        ElementType type = ElementType.ofNumpy(text);
        if (type == null) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s holds elements of type %s; expected <f2, <f4 or <f8: save it with"
                                    + " array.astype(\"float32\").",
                            where,
                            text));
        }
        return type;
    }

    private static List<Long> shape(String where, String text) {
        List<Long> shape = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String number = part.strip().replace("L", "");
            if (number.isEmpty()) {
                continue;
            }
            if (number.length() > 18 || !number.chars().allMatch(Character::isDigit)) {
                throw unreadable(where);
            }
            shape.add(Long.parseLong(number));
        }
        if (shape.size() > MAX_RANK) {
            throw unreadable(where);
        }
        return List.copyOf(shape);
    }

    private static BadInputException unreadable(String where) {
        return new BadInputException(
                where
                        + " has a NumPy header without a readable descr, fortran_order and shape:"
                        + " save it again with numpy.save.");
    }

    private static BadInputException truncated(String where, long needed, long size) {
        return new BadInputException(
                String.format(
                        Locale.ROOT,
                        "%s is truncated: it needs at least %,d bytes and has %,d; save it again.",
                        where,
                        needed,
                        size));
    }
}
