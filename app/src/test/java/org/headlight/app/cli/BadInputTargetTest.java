package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.assets.Assets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Files that must not be written over: the inputs of a command, and weights. */
class BadInputTargetTest {
    private static final String NO_CAPTURE =
            " is there already and is no capture of Headlight, which would be lost; choose another"
                    + " name.";
    private static final String SOURCE =
            " is the source itself, which would be lost; choose another name.";
    private static final String INPUT =
            " is the input itself, which would be lost; choose another name.";

    @TempDir private Path folder;
    private FailingCommand command = new FailingCommand(Path.of(""));

    @BeforeEach
    void inTheFolder() {
        command = new FailingCommand(folder);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static int run(String... args) {
        return CommandRun.of(args).status();
    }

    private String captured(String name, String tokens) {
        String file = file(name);
        assertThat(run("capture", "demo", "--tokens", tokens, "--out", file)).isZero();
        return file;
    }

    private static void safetensors(Path file, String header) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).putFloat(0.5f);
        Files.write(file, bytes.array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.onnx", "capture", "m.safetensors.onnx", "c.npz"})
    void aCaptureThatWouldNotBeCalledSafetensors(String name) throws IOException {
        Files.copy(new Assets().demoModelFolder().resolve("model.onnx"), folder.resolve("m.onnx"));
        command.fails(
                2,
                "--out "
                        + file(name)
                        + ": a capture is a safetensors file; give the file the ending"
                        + " .safetensors.",
                "capture",
                file("m.onnx"),
                "--tokens",
                "1,2",
                "--out",
                file(name));
    }

    @Test
    void weightsWhereTheCaptureShouldGo() throws IOException {
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        Path weights = folder.resolve("model.safetensors");
        for (String metadata : List.of("", ",\"__metadata__\":{\"format\":\"pt\"}")) {
            safetensors(weights, header + metadata + "}");
            command.fails(
                    3,
                    weights
                            + " holds tensors that are no capture of Headlight, such as the weights"
                            + " of a model, which would be lost; choose another name.",
                    "capture",
                    "nowhere",
                    "--tokens",
                    "1,2",
                    "--out",
                    weights.toString());
        }
    }

    @Test
    void somethingElseWhereTheCaptureShouldGo() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.SafeTensors"), "my notes");
        command.fails(
                3,
                notes + NO_CAPTURE,
                "capture",
                "nowhere",
                "--tokens",
                "1,2",
                "--out",
                notes.toString());
    }

    @Test
    void aCaptureIsReplacedByANewerOne() throws IOException {
        String file = captured("c.safetensors", "1,2");
        byte[] first = Files.readAllBytes(Path.of(file));
        captured("c.safetensors", "1,2,3");
        assertThat(Files.readAllBytes(Path.of(file))).hasSizeGreaterThan(first.length);
    }

    @Test
    void aCaptureThatIsItsOwnSource() {
        String file = captured("c.safetensors", "1,2");
        command.fails(3, file + SOURCE, "capture", file, "--out", file);
        String other = folder + "/./c.safetensors";
        command.fails(3, other + SOURCE, "capture", file, "--out", other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.png", "x.npy", "x.csv"})
    void aMapThatWouldReplaceWhatItIsMadeOf(String name) throws IOException {
        String file = file(name);
        Files.write(Path.of(file), new byte[] {1, 2, 3});
        String[] map = {"map", "demo", "--head", "L0H0", "--out", file};
        command.fails(3, file + INPUT, more(map, "--text-file", file));
        command.fails(3, file + INPUT, more(map, "--tokens-file", folder + "/./" + name));
        map[1] = file;
        command.fails(3, file + SOURCE, map);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkToTheSourceIsTheSource() throws IOException {
        Path dump = Files.write(folder.resolve("d.npy"), new byte[] {1, 2, 3});
        Path link = Files.createSymbolicLink(folder.resolve("link.npy"), dump);
        command.fails(
                3, link + SOURCE, "map", dump.toString(), "--head", "L0H0", "--out", "" + link);
    }

    @Test
    void aFileOfTheNameOfTheEmbeddedExampleIsNoSource() throws IOException {
        assertThat(run("map", "demo", "--tokens", "1,2", "--head", "L0H0", "--out", file("d.csv")))
                .isZero();
        assertThat(run("map", "demo", "--tokens", "1,2", "--head", "L0H1", "--out", file("d.csv")))
                .isZero();
    }

    private static String[] more(String[] args, String... more) {
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }
}
