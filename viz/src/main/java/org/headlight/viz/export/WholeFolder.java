package org.headlight.viz.export;

import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder whose files appear under their names only when all of them are whole. They are made in
 * {@link #part}, a hidden folder on the same disk; what else lies in the target stays as it is.
 */
final class WholeFolder implements AutoCloseable {
    private final Path target;
    private final boolean present;
    private final Path part;

    /**
     * A folder to be written; nothing is on the disk but the hidden folder.
     *
     * @throws BadInputException when the target is a file, or cannot be written
     */
    WholeFolder(Path target) {
        this.target = target;
        Path absolute = target.toAbsolutePath();
        this.present = Files.isDirectory(absolute);
        if (!present && Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            throw new BadInputException(
                    target + " is there already and is no folder; choose another name.");
        }
        Path near = absolute;
        while (!Files.exists(near) && near.getParent() != null) {
            near = near.getParent();
        }
        if (!Files.isDirectory(near)) {
            throw new BadInputException(sentence(near + " is a file"));
        }
        String name = absolute.getFileName() == null ? "" : absolute.getFileName().toString();
        this.part =
                near.resolve(
                        String.format(
                                Locale.ROOT,
                                ".%s.%d-%x.part",
                                name,
                                ProcessHandle.current().pid(),
                                System.nanoTime()));
        try {
            Files.createDirectory(part);
        } catch (IOException e) {
            throw new BadInputException(sentence(reason(e)), e);
        }
    }

    /** Where the files are made. */
    Path part() {
        return part;
    }

    /**
     * Moves the files to their places: at once where the target is new, else one by one, in this
     * order, over those of the same names.
     *
     * @param names of the files that were made, the one that needs the others last
     * @throws BadInputException when one cannot be moved
     */
    void finish(List<String> names) {
        try {
            if (present) {
                for (String name : names) {
                    Files.move(
                            part.resolve(name),
                            target.resolve(name),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                }
            } else {
                Path folder = target.toAbsolutePath().getParent();
                if (folder != null) {
                    Files.createDirectories(folder);
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new BadInputException(sentence(reason(e)), e);
        }
    }

    private String sentence(String reason) {
        return String.format(
                Locale.ROOT,
                "the folder %s cannot be %s (%s); choose another place.",
                target,
                present ? "written" : "made",
                reason);
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException
                ? "no permission"
                : String.valueOf(e.getMessage());
    }

    /** Takes the hidden folder away, with what is left in it. */
    @Override
    public void close() {
        if (!Files.exists(part)) {
            return;
        }
        try (Stream<Path> left = Files.list(part)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
            Files.delete(part);
        } catch (IOException e) {
            throw new BadInputException(
                    part + " is left over and cannot be deleted; delete it by hand.", e);
        }
    }
}
