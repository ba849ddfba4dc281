package org.headlight.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.StringStringEntryProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.Problem;
import org.headlight.engine.problem.TooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Files that are no model, or a broken one: one sentence each, and never anything else. */
class BadModelFileTest {
    @TempDir private Path folder;

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static void refused(Path file, String sentence) {
        assertThatThrownBy(() -> ModelSkeleton.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(sentence);
    }

    private static ModelProto model() {
        GraphMaker g = new GraphMaker(17);
        g.input("x", GraphMaker.FLOAT, "n", 20);
        g.matMul("y", "x", g.weight("w", 20, 20));
        g.number("half", 0.5);
        g.node("Mul", "z", List.of("y", "half"));
        return g.output("z").model();
    }

    private static ModelProto located(String... entries) {
        ModelProto.Builder model = model().toBuilder();
        TensorProto.Builder weight = model.getGraphBuilder().getInitializerBuilder(0);
        weight.clearRawData().setDataLocation(1);
        for (int i = 0; i < entries.length; i += 2) {
            weight.addExternalData(
                    StringStringEntryProto.newBuilder()
                            .setKey(entries[i])
                            .setValue(entries[i + 1]));
        }
        return model.build();
    }

    @Test
    void aFileThatIsNotThere() {
        Path file = folder.resolve("none.onnx");
        refused(file, file + " does not exist; check the path.");
    }

    @Test
    void aFolder() {
        refused(folder, folder + " is a folder; an .onnx file was expected.");
    }

    @Test
    void anEmptyFile() throws IOException {
        Path file = file("m.onnx", new byte[0]);
        refused(file, file + " is empty; copy or download it again.");
    }

    @Test
    void aText() throws IOException {
        for (String text : List.of("hello, world", "{\"a\": 1}", "<html></html>", "PK\3\4", "\0")) {
            Path file = file("m.onnx", text.getBytes(StandardCharsets.UTF_8));
            refused(
                    file,
                    file
                            + " is not an ONNX model: its first bytes do not follow the format;"
                            + " choose an .onnx file.");
        }
    }

    @Test
    void aPointerOfGitLfs() throws IOException {
        Path file =
                file(
                        "m.onnx",
                        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
                                .getBytes(StandardCharsets.UTF_8));
        refused(
                file,
                file
                        + " is a Git LFS pointer and not the model itself; fetch the model with"
                        + " 'git lfs pull'.");
    }

    @Test
    void aModelInTheRuntimesOwnFormat() throws IOException {
        Path file = file("m.ort", "\1\0\0\0ORTM____".getBytes(StandardCharsets.ISO_8859_1));
        refused(
                file,
                file
                        + " is in ONNX Runtime's own format and not an ONNX model; choose the"
                        + " .onnx file that it was made from.");
    }

    @Test
    void aModelThatIsCutShort() throws IOException {
        byte[] whole = model().toByteArray();
        Path file = file("m.onnx", java.util.Arrays.copyOf(whole, 1000));
        int graph = model().getGraph().getSerializedSize();
        refused(
                file,
                String.format(
                        java.util.Locale.ROOT,
                        "%s is cut short: a part that starts at byte 8 needs %,d bytes, but the"
                                + " file ends at byte 1,000; copy or download it again.",
                        file,
                        graph));
    }

    @Test
    void aModelWithoutAGraph() throws IOException {
        Path file = file("m.onnx", model().toBuilder().clearGraph().build().toByteArray());
        refused(
                file,
                file
                        + " holds no graph; an ONNX model with at least one node was expected, so"
                        + " copy or export it again.");
    }

    @Test
    void aModelWithoutOperatorVersions() throws IOException {
        Path file = file("m.onnx", model().toBuilder().clearOpsetImport().build().toByteArray());
        refused(
                file,
                file
                        + " does not say which operators it uses, so its end is probably missing;"
                        + " copy or download it again.");
    }

    @Test
    void weightsInAFileThatIsMissing() throws IOException {
        Path file = file("m.onnx", located("location", "m.onnx_data").toByteArray());
        refused(
                file,
                file
                        + " keeps its weights in 'm.onnx_data', which is missing from "
                        + folder
                        + "; put that file beside the model.");
    }

    @Test
    void weightsInAFileThatIsTooShort() throws IOException {
        byte[] model =
                located("location", "w.bin", "offset", "100", "length", "1600").toByteArray();
        Path file = file("m.onnx", model);
        Path data = file("w.bin", new byte[1699]);
        refused(
                file,
                data
                        + " is cut short: weight 'w' of m.onnx needs bytes 100 to 1,700, but the"
                        + " file ends at byte 1,699; copy or download it again.");
    }

    @Test
    void weightsOfAnotherSizeThanTheirShape() throws IOException {
        byte[] model = located("location", "w.bin", "offset", "0", "length", "1599").toByteArray();
        Path file = file("m.onnx", model);
        file("w.bin", new byte[1699]);
        refused(
                file,
                file
                        + " is damaged: weight 'w' of shape [20, 20] needs 1,600 bytes, but 1,599"
                        + " are stored; copy or download it again.");
    }

    @Test
    void weightsAtAnOffsetThatIsNoNumber() throws IOException {
        for (String offset : List.of("-1", "x", "99999999999999999999", "")) {
            Path file =
                    file("m.onnx", located("location", "w.bin", "offset", offset).toByteArray());
            file("w.bin", new byte[1600]);
            refused(
                    file,
                    file
                            + " is damaged: the offset of weight 'w' is '"
                            + offset
                            + "', where a number was expected; copy or download it again.");
        }
    }

    @Test
    void weightsOutsideTheModelsFolder() throws IOException {
        for (String location : List.of("../w.bin", "/etc/passwd", "", ".", "a/../../w.bin")) {
            Path file = file("m.onnx", located("location", location).toByteArray());
            refused(
                    file,
                    file
                            + " keeps weight 'w' in '"
                            + location
                            + "', which is not a path below the model's own folder; save the"
                            + " model again with its data beside it.");
        }
    }

    @Test
    void everyTruncationEitherOpensOrIsExplained() throws IOException {
        byte[] whole = model().toByteArray();
        int opened = 0;
        for (int length = 0; length < whole.length; length++) {
            opened += opens(java.util.Arrays.copyOf(whole, length)) ? 1 : 0;
        }
        assertThat(opened).isLessThan(8);
        assertThat(opens(whole)).isTrue();
    }

    @Test
    void flippedBytesEitherOpenOrAreExplained() throws IOException {
        byte[] whole = model().toByteArray();
        Random random = new Random(20);
        for (int round = 0; round < 1200; round++) {
            byte[] bytes = whole.clone();
            int flips = 1 + random.nextInt(6);
            for (int i = 0; i < flips; i++) {
                int at = random.nextInt(round % 2 == 0 ? bytes.length : 200);
                bytes[at] = (byte) random.nextInt(256);
            }
            opens(bytes);
        }
    }

    @Test
    void noiseEitherOpensOrIsExplained() throws IOException {
        Random random = new Random(21);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            byte[] start = {8, 8, 58};
            System.arraycopy(start, 0, bytes, 0, Math.min(bytes.length, round % 4));
            opens(bytes);
        }
    }

    @Test
    void bodiesNestedTooDeepAreDamage() throws IOException {
        ModelProto.Builder model = model().toBuilder();
        var graph = model.getGraph();
        for (int depth = 0; depth < 80; depth++) {
            GraphMaker around = new GraphMaker(17);
            around.node("Loop", "y" + depth, List.of("x"), "body", graph);
            graph = around.graph();
        }
        Path file = file("m.onnx", model.setGraph(graph).build().toByteArray());
        assertThatThrownBy(() -> ModelSkeleton.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching(
                        ".* is damaged: what stands at byte [0-9,]+ does not follow the ONNX"
                                + " format; copy or download it again\\.");
    }

    @Test
    void aGraphThatWouldNotFitIsRefusedBeforeItIsLoaded() throws IOException {
        Path file = file("m.onnx", model().toByteArray());
        try (var channel = java.nio.channels.FileChannel.open(file)) {
            SkeletonScanner scanner = new SkeletonScanner(new WireReader(channel), "m.onnx", 1000);
            assertThatThrownBy(scanner::scan)
                    .isInstanceOf(TooLargeException.class)
                    .hasMessageStartingWith("The graph itself, without its weights, needs more");
        }
    }

    /**
     * Opens bytes and looks for attention in them; anything but a problem with a sentence fails.
     */
    private boolean opens(byte[] bytes) throws IOException {
        Path file = file("fuzz.onnx", bytes);
        try {
            ModelSkeleton model = ModelSkeleton.open(file);
            AttentionFinder.find(model);
            AttentionFinder.find(model.inlined(true));
            model.vocabulary();
            model.withOutputs(List.of());
            return true;
        } catch (Problem e) {
            assertThat(e.getMessage()).endsWith(".").doesNotContain("\n");
            return false;
        }
    }
}
