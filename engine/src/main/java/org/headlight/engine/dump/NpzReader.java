package org.headlight.engine.dump;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.task.Progress;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads a NumPy archive: a zip of arrays, stored or deflated, inflated into off-heap memory. */
final class NpzReader {
    private static final int MAX_ARRAYS = 10_000;

    private NpzReader() {}

    static boolean looksLike(byte[] head) {
        return head.length >= 4
                && head[0] == 'P'
                && head[1] == 'K'
                && ((head[2] == 3 && head[3] == 4) || (head[2] == 5 && head[3] == 6));
    }

    /**
     * Reads every array of the archive.
     *
     * @param availableBytes how much may be inflated in all
     */
    static TensorFile read(
            String file, Path path, Arena arena, long availableBytes, Progress progress) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long total = 0;
        try (ZipFile zip = new ZipFile(path.toFile())) {
            List<? extends ZipEntry> entries =
                    zip.stream().filter(e -> e.getName().endsWith(".npy")).toList();
            if (entries.size() > MAX_ARRAYS) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s holds %,d arrays; expected at most %,d.",
                                file,
                                entries.size(),
                                MAX_ARRAYS));
            }
            for (ZipEntry entry : entries) {
                total += Math.max(0, entry.getSize());
                if (total > availableBytes || total < 0) {
                    throw new TooLargeException(
                            String.format(
                                    Locale.ROOT,
                                    "%s needs %,d MB of memory once unpacked and there are %,d MB:"
                                            + " save it as .npy or .safetensors, which are read in"
                                            + " place.",
                                    file,
                                    total >> 20,
                                    availableBytes >> 20),
                            total,
                            availableBytes);
                }
            }
            long done = 0;
            for (ZipEntry entry : entries) {
                progress.check();
                progress.at(total == 0 ? 1 : (double) done / total, "unpacking " + file);
                String name = entry.getName().substring(0, entry.getName().length() - 4);
                MemorySegment bytes = inflate(file, zip, entry, arena);
                tensors.put(name, NpyReader.read(file, name, bytes));
                done += bytes.byteSize();
            }
        } catch (ZipException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is not a readable NumPy archive (%s): save it again with"
                                    + " numpy.savez.",
                            file,
                            e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s could not be read to its end (%s): copy or save it again.",
                            file,
                            e.getMessage()),
                    e);
        }
        return new TensorFile(tensors, Map.of(), Map.of(), total);
    }

    private static MemorySegment inflate(String file, ZipFile zip, ZipEntry entry, Arena arena)
            throws IOException {
        long size = entry.getSize();
        MemorySegment target = arena.allocate(Math.max(1, size), 8);
        byte[] buffer = new byte[1 << 16];
        long at = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (at + n > size) {
                    throw new BadInputException(
                            String.format(
                                    Locale.ROOT,
                                    "%s is damaged: \"%s\" unpacks to more than the %,d bytes that"
                                            + " the archive says; save it again.",
                                    file,
                                    entry.getName(),
                                    size));
                }
                MemorySegment.copy(MemorySegment.ofArray(buffer), 0, target, at, n);
                at += n;
            }
        }
        if (at != size) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is truncated: \"%s\" should have %,d bytes and has %,d; save it"
                                    + " again.",
                            file,
                            entry.getName(),
                            size,
                            at));
        }
        return target.asSlice(0, size);
    }
}
