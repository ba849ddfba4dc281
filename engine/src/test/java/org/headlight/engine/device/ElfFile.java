package org.headlight.engine.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the head of a library as a linker would, with the libraries that it needs. */
public final class ElfFile {
    private static final int PARTS = 64;
    private static final int PART = 56;
    private static final int STACK = 0x6474E551;
    private static final int READ_AND_WRITE = 6;
    private static final int DYNAMIC = 256;
    private static final long ADDRESS = 0x10000;

    private ElfFile() {}

    /** A library for this machine. */
    public static Path write(Path file, List<String> needed) throws IOException {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        return write(file, arm ? 183 : 62, needed);
    }

    /** A library for a processor, by its number in the format. */
    static Path write(Path file, int machine, List<String> needed) throws IOException {
        int strings = DYNAMIC + 16 * (needed.size() + 2);
        ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1});
        out.putShort(16, (short) 3).putShort(18, (short) machine);
        out.putLong(32, PARTS).putShort(54, (short) PART).putShort(56, (short) 3);
        part(out, PARTS, 1, 0, ADDRESS, 4096);
        part(out, PARTS + PART, 2, DYNAMIC, ADDRESS + DYNAMIC, strings - DYNAMIC);
        part(out, PARTS + 2 * PART, STACK, 0, 0, 0);
        out.putInt(PARTS + 2 * PART + 4, READ_AND_WRITE);
        int at = DYNAMIC;
        int name = 1;
        for (String library : needed) {
            out.putLong(at, 1).putLong(at + 8, name);
            byte[] text = library.getBytes(StandardCharsets.UTF_8);
            out.put(strings + name, text);
            name += text.length + 1;
            at += 16;
        }
        out.putLong(at, 5).putLong(at + 8, ADDRESS + strings);
        return Files.write(file, out.array());
    }

    private static void part(
            ByteBuffer out, int at, int type, long offset, long address, long bytes) {
        out.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, address);
        out.putLong(at + 32, bytes).putLong(at + 40, bytes);
    }
}
