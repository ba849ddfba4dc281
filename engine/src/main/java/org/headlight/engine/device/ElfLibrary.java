package org.headlight.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the head of a 64-bit ELF library says, as the ELF-64 object file format (version 1.5) lays
 * it out.
 *
 * @param machine the processor that it is for: 62 for x86-64, 183 for AArch64
 * @param needed the libraries that the loader looks for with it
 */
record ElfLibrary(int machine, List<String> needed) {
    private static final int HEADER = 64;
    private static final int MAGIC = 0x464C457F;
    private static final int CLASS_64 = 2;
    private static final int LITTLE = 1;
    private static final int LOAD = 1;
    private static final int DYNAMIC = 2;
    private static final int DYNAMIC_ENTRY = 16;
    private static final int TAG_NEEDED = 1;
    private static final int TAG_STRINGS = 5;
    private static final int LONGEST_NAME = 4096;
    private static final int LARGEST_TABLE = 1 << 20;

    /** A part of the file, and where it lies in memory. */
    private record Part(int type, long offset, long address, long bytes) {}

    /** Reads the head of a file; empty when it is no such library, or cannot be read. */
    static Optional<ElfLibrary> read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() < HEADER) {
                return Optional.empty();
            }
            ByteBuffer head = at(channel, 0, HEADER);
            if (head.getInt(0) != MAGIC || head.get(4) != CLASS_64 || head.get(5) != LITTLE) {
                return Optional.empty();
            }
            return Optional.of(new ElfLibrary(head.getShort(18), needed(channel, head)));
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static List<String> needed(FileChannel channel, ByteBuffer head) throws IOException {
        List<Part> parts = new ArrayList<>();
        int size = Short.toUnsignedInt(head.getShort(54));
        int count = Short.toUnsignedInt(head.getShort(56));
        ByteBuffer table = at(channel, head.getLong(32), (long) size * count);
        for (int i = 0; i < count; i++) {
            int from = i * size;
            parts.add(
                    new Part(
                            table.getInt(from),
                            table.getLong(from + 8),
                            table.getLong(from + 16),
                            table.getLong(from + 32)));
        }
        Optional<Part> dynamic = parts.stream().filter(p -> p.type == DYNAMIC).findFirst();
        if (dynamic.isEmpty()) {
            return List.of();
        }
        ByteBuffer entries = at(channel, dynamic.get().offset, dynamic.get().bytes);
        List<Long> names = new ArrayList<>();
        long strings = 0;
        for (int from = 0; from + DYNAMIC_ENTRY <= entries.limit(); from += DYNAMIC_ENTRY) {
            long tag = entries.getLong(from);
            long value = entries.getLong(from + 8);
            if (tag == TAG_NEEDED) {
                names.add(value);
            } else if (tag == TAG_STRINGS) {
                strings = offset(parts, value);
            }
        }
        List<String> needed = new ArrayList<>();
        for (long name : names) {
            needed.add(text(channel, strings + name));
        }
        return List.copyOf(needed);
    }

    private static long offset(List<Part> parts, long address) {
        return parts.stream()
                .filter(p -> p.type == LOAD)
                .filter(p -> address >= p.address && address < p.address + p.bytes)
                .mapToLong(p -> address - p.address + p.offset)
                .findFirst()
                .orElseThrow(IndexOutOfBoundsException::new);
    }

    private static String text(FileChannel channel, long from) throws IOException {
        ByteBuffer bytes = at(channel, from, Math.min(LONGEST_NAME, channel.size() - from));
        int length = 0;
        while (bytes.get(length) != 0) {
            length++;
        }
        byte[] text = new byte[length];
        bytes.get(0, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static ByteBuffer at(FileChannel channel, long from, long bytes) throws IOException {
        if (from < 0 || bytes < 0 || bytes > LARGEST_TABLE || from + bytes > channel.size()) {
            throw new IndexOutOfBoundsException();
        }
        return channel.map(MapMode.READ_ONLY, from, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
