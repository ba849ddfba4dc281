package org.headlight.engine.task;

import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Writes a file that appears under its name only when it is whole. */
public final class WholeFile {

    /** What goes into the file. */
    public interface Content {
        void write(FileChannel out) throws IOException;
    }

    private WholeFile() {}

    /**
     * Writes into a temporary file beside the target, then moves it to its name. When the content
     * throws, the target is as it was and nothing is left behind.
     *
     * @throws BadInputException when the file cannot be written
     */
    public static void write(Path target, Content content) {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || Files.isDirectory(absolute)) {
            throw new BadInputException(
                    target + " is a folder; expected the name of a file to write.");
        }
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s cannot be written: the folder %s does not exist; make it first.",
                            target,
                            folder));
        }
        Path part =
                folder.resolve(
                        String.format(
                                Locale.ROOT,
                                ".%s.%d-%x.part",
                                absolute.getFileName(),
                                ProcessHandle.current().pid(),
                                System.nanoTime()));
        try {
            try {
                try (FileChannel out =
                        FileChannel.open(
                                part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    content.write(out);
                }
                Files.move(
                        part,
                        absolute,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s cannot be written (%s): choose another place.",
                            target,
                            reason(e)),
                    e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException
                ? "no permission"
                : String.valueOf(e.getMessage());
    }
}
