package org.headlight.engine.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class WholeFileTest {
    @TempDir private Path folder;

    private static void write(Path target, String text) {
        WholeFile.write(target, out -> out.write(StandardCharsets.UTF_8.encode(text)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    private static void refused(Path target, String sentence) {
        assertThatThrownBy(() -> write(target, "new"))
                .isInstanceOf(BadInputException.class)
                .hasMessage(target + sentence);
        assertThatThrownBy(() -> WholeFile.check(target))
                .isInstanceOf(BadInputException.class)
                .hasMessage(target + sentence);
    }

    @Test
    void whenTheContentFailsTheFormerFileStaysAndNothingIsLeft() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "old");
        assertThatThrownBy(() ->
                        WholeFile.write(
                                file,
                                out -> {
                                    out.write(StandardCharsets.UTF_8.encode("half"));
                                    throw new CancelledException();
                                }))
                .isInstanceOf(CancelledException.class);
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("f");
    }

    @Test
    void foldersAndFilesInNoFolderAreRefused() {
        refused(folder, " is a folder; expected the name of a file to write.");
        refused(
                folder.resolve("none/f"),
                " cannot be written: the folder "
                        + folder.resolve("none")
                        + " does not exist; make it first.");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSymbolicLinkStaysAndItsTargetGetsTheContent() throws IOException {
        Files.createDirectory(folder.resolve("deep"));
        Path real = Files.writeString(folder.resolve("deep/real"), "old");
        Path first = Files.createSymbolicLink(folder.resolve("deep/first"), Path.of("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("deep/first"));
        write(link, "new");
        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("deep/first"));
        assertThat(Files.readSymbolicLink(first)).isEqualTo(Path.of("real"));
        assertThat(Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(real).hasContent("new");
        assertThat(names()).containsExactly("deep", "link");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkThatLeadsToNoFileYetMakesThatFile() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        write(link, "new");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(folder.resolve("real")).hasContent("new");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksThatLeadIntoAFolderOrACircleAreRefused() throws IOException {
        Path round = folder.resolve("round");
        Files.createSymbolicLink(round, folder.resolve("back"));
        Files.createSymbolicLink(folder.resolve("back"), round);
        refused(round, " is a symbolic link that leads back to itself; choose another name.");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        refused(link, " is a folder; expected the name of a file to write.");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void pipesAndDevicesAreRefusedAndStay() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        String sentence =
                " is a pipe or a device; expected the name of a file to write, which appears when"
                        + " it is whole.";
        refused(pipe, sentence);
        refused(Path.of("/dev/null"), sentence);
        assertThat(Files.exists(pipe) && !Files.isRegularFile(pipe)).isTrue();
        assertThat(names()).containsExactly("pipe");
    }
}
