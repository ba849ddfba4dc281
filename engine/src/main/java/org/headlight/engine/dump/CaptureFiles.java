package org.headlight.engine.dump;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.task.WholeFile;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;

/**
 * Captures on disk, and dumps of attention made elsewhere. Captures are safetensors, so that NumPy,
 * PyTorch and others open them: {@code layers.{l}.q} [H, N, D], {@code layers.{l}.k} [KV, M, D],
 * {@code layers.{l}.v} [KV, M, Dv], {@code layers.{l}.lse} [H, N], {@code tokens} [N], and for
 * cross-attention {@code layers.{l}.cross.q} and so on. Where attention has sink logits (scores
 * without a key), {@code layers.{l}.sinks} [H] holds them and the log-sum-exp has them in it; where
 * scaled scores are softly capped, as cap x tanh(score / cap), the metadata says {@code softcap}.
 * Dumps are the same without our metadata, or probabilities {@code layers.{l}.attn} [H, N, M], or
 * one NumPy array [N, M], [H, N, M] or [L, H, N, M]. Files are mapped, and no file can make this
 * code run anything.
 */
public final class CaptureFiles {
    private static final int HEAD = 16;

    private CaptureFiles() {}

    /** Whether the content is one of the container formats that {@link #read} opens. */
    public static boolean looksLike(Path file) {
        try {
            byte[] head = head(file);
            return SafetensorsReader.looksLike(head, Files.size(file))
                    || NpyReader.looksLike(head)
                    || NpzReader.looksLike(head);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether a file is a capture that this program wrote, of whatever version, and not another
     * file of the same format, such as the weights of a model. Only its header is read.
     */
    public static boolean isCapture(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (!SafetensorsReader.looksLike(head(file), channel.size())) {
                return false;
            }
            MemorySegment bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return CaptureHeader.present(SafetensorsReader.read(file.toString(), bytes).metadata());
        } catch (IOException | BadInputException e) {
            return false;
        }
    }

    /**
     * Writes a capture. The file appears under its name only when it is whole.
     *
     * @throws BadInputException when it cannot be written
     * @throws org.headlight.engine.problem.CancelledException when the progress says so; nothing is
     *     left behind
     */
    public static void write(Capture capture, Path file, Progress progress) {
        WholeFile.write(file, out -> new CaptureWriter(capture, progress).write(out));
    }

    /**
     * Opens a capture or a dump.
     *
     * @throws BadInputException when the file cannot be read, has another shape than expected, or
     *     holds numbers that cannot be attention; the sentence says where
     */
    public static Capture read(Path file, Progress progress) {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            TensorFile tensors = tensors(file, arena, progress.part(0, 0.2));
            DumpReader.Content content =
                    new DumpReader(
                                    file.toString(),
                                    String.valueOf(file.getFileName()),
                                    tensors,
                                    progress.part(0.2, 1))
                            .read();
            progress.at(1, "opened");
            Capture capture =
                    new DumpCapture(
                            content.info(),
                            content.tokens(),
                            content.responseFrom(),
                            content.sites(),
                            tensors.bytes(),
                            arena);
            done = true;
            return capture;
        } catch (IOException e) {
            throw new BadInputException(
                    String.format(Locale.ROOT, "%s cannot be read (%s).", file, e.getMessage()), e);
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    private static TensorFile tensors(Path file, Arena arena, Progress progress)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(
                    file + " does not exist or is not a file; expected a capture or a dump.");
        }
        byte[] head = head(file);
        if (NpzReader.looksLike(head)) {
            return NpzReader.read(file.toString(), file, arena, available(), progress);
        }
        MemorySegment bytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        if (NpyReader.looksLike(head)) {
            Tensor array = NpyReader.read(file.toString(), "", bytes);
            return new TensorFile(Map.of("", array), Map.of(), Map.of(), bytes.byteSize());
        }
        if (SafetensorsReader.looksLike(head, bytes.byteSize())
                || file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            return SafetensorsReader.read(file.toString(), bytes);
        }
        throw new BadInputException(
                file
                        + " is neither safetensors, .npy nor .npz: its first bytes are unknown;"
                        + " expected a capture or a dump of attention, so save it again or choose"
                        + " another file.");
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEAD);
        }
    }

    /** What may be inflated: half of the memory that the machine has free now. */
    private static long available() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getFreeMemorySize() / 2
                : Long.MAX_VALUE;
    }
}
