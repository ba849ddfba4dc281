package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Runs command lines that must fail, and checks all that a failure must be: one sentence, the exit
 * status, nothing on standard output, no stack trace, and no file made, changed or taken away.
 */
final class FailingCommand {
    private static final List<String> COMMANDS =
            List.of("inspect", "capture", "map", "heads", "generate", "demo", "bench", "doctor");

    private final Path folder;

    /**
     * Failures around one folder.
     *
     * @param folder where all files of the command lie
     */
    FailingCommand(Path folder) {
        this.folder = folder;
    }

    /** Fails with exactly this sentence. */
    void fails(int status, String sentence, String... args) {
        assertThat(sentence(status, args)).isEqualTo(sentence);
    }

    /** Wherever a source is opened, it fails with exactly this sentence and status 3. */
    void isRefused(Path source, String sentence) {
        String name = source.toString();
        String input = name.matches(".*\\.(npy|npz|safetensors)") ? "" : "--tokens=1,2,3";
        fails(3, sentence, "inspect", name, "--json");
        fails(3, sentence, args("heads", name, input));
        String capture = folder.resolve("new.safetensors").toString();
        fails(3, sentence, args("capture", name, input, "--out", capture));
        for (String ending : List.of(".png", ".csv")) {
            String map = folder.resolve("new" + ending).toString();
            fails(3, sentence, args("map", name, input, "--head", "L0H0", "--out", map));
        }
    }

    private static String[] args(String... args) {
        return Stream.of(args).filter(a -> !a.isEmpty()).toArray(String[]::new);
    }

    /** Fails, and gives what is said about it: wrong usage is followed by where the options are. */
    String sentence(int status, String... args) {
        Map<String, List<Object>> before = files();
        CommandRun run = CommandRun.of(args);
        String said = run.err();
        List<String> lines = new ArrayList<>(said.lines().toList());
        assertThat(lines).as("standard error of %s", List.of(args)).isNotEmpty();
        assertThat(said).doesNotContain("    at ", "\tat ", "Exception", "java.");
        String sentence = lines.removeFirst();
        if (status == 2) {
            lines.removeIf(line -> line.startsWith("Possible solutions: "));
            String name = COMMANDS.contains(args[0]) ? "headlight " + args[0] : "headlight";
            assertThat(lines).containsExactly(name + " --help has the options.");
        } else {
            assertThat(lines).as("what follows the sentence").isEmpty();
        }
        assertThat(run.status()).as(sentence).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(files()).as("files after: %s", sentence).isEqualTo(before);
        return sentence;
    }

    /** Every file below the folder with its size and time of change. */
    private Map<String, List<Object>> files() {
        Map<String, List<Object>> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
                found.put(path.toString(), List.of(facts.size(), facts.lastModifiedTime()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
