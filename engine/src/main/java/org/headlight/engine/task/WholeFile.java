package org.headlight.engine.task;

import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;

/** Writes a file that appears under its name only when it is whole. */
public final class WholeFile {

    /** What goes into the file. */
    public interface Content {
        void write(FileChannel out) throws IOException;
    }

    /** As many links as Linux follows. */
    private static final int MOST_LINKS = 40;

    private WholeFile() {}

    /**
     * Writes into a temporary file beside the target, then moves it to its name. A target that is a
     * symbolic link stays one: the file that it leads to gets the content. When the content throws,
     * the target is as it was and nothing is left behind.
     *
     * @throws BadInputException when the file cannot be written
     */
    public static void write(Path target, Content content) {
        Path absolute = place(target);
        Path folder = Objects.requireNonNull(absolute.getParent());
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

    /**
     * Refuses a target that cannot be written, before the work that makes its content.
     *
     * @throws BadInputException when it is a folder, a pipe or a device, or lies in no folder
     */
    public static void check(Path target) {
        place(target);
    }

    /** Where the content goes: an absolute path whose folder exists, at the end of all links. */
    private static Path place(Path target) {
        Path absolute = followed(target);
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
        if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            throw new BadInputException(
                    target
                            + " is a pipe or a device; expected the name of a file to write, which"
                            + " appears when it is whole.");
        }
        return absolute;
    }

    private static Path followed(Path target) {
        Path path = target.toAbsolutePath();
        try {
            for (int links = 0; Files.isSymbolicLink(path); links++) {
                if (links == MOST_LINKS) {
                    throw new BadInputException(
                            target
                                    + " is a symbolic link that leads back to itself; choose"
                                    + " another name.");
                }
                path = path.resolveSibling(Files.readSymbolicLink(path));
            }
            return path;
        } catch (IOException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is a symbolic link that cannot be read (%s): choose another name.",
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
