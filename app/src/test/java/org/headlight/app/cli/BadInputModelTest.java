package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;

import org.headlight.assets.Assets;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.StringStringEntryProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Models that cannot be opened or run: one sentence and one status each. */
class BadInputModelTest {
    private static final int GRAPH_FIELD = 7;

    @TempDir private Path folder;
    private FailingCommand command = new FailingCommand(Path.of(""));

    @BeforeEach
    void inTheFolder() {
        command = new FailingCommand(folder);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Path demo(String name) {
        return new Assets().demoModelFolder().resolve(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello, world", "{\"a\": 1}", "<html>Not found</html>", "PK\3\4zip"})
    void aFileThatIsNoModel(String content) throws IOException {
        Path file = file("m.onnx", ascii(content));
        command.isRefused(
                file,
                file
                        + " is not an ONNX model: its first bytes do not follow the format; choose"
                        + " an .onnx file.");
    }

    @Test
    void anEmptyFile() throws IOException {
        Path file = file("m.onnx", new byte[0]);
        command.isRefused(file, file + " is empty; copy or download it again.");
    }

    @Test
    void aPointerInPlaceOfTheModel() throws IOException {
        Path file = file("m.onnx", ascii("version https://git-lfs.github.com/spec/v1\nsize 1\n"));
        command.isRefused(
                file,
                file
                        + " is a Git LFS pointer and not the model itself; fetch the model with"
                        + " 'git lfs pull'.");
    }

    @Test
    void aFileOfNoKnownKind() throws IOException {
        Path file = file("notes.bin", ascii("hello"));
        command.isRefused(
                file,
                file
                        + " is nothing that can be opened; expected a model folder, an .onnx file,"
                        + " or a capture or dump (.safetensors, .npy, .npz).");
    }

    /** Place and size of the graph are read by the protobuf library's own reader. */
    @ParameterizedTest
    @ValueSource(ints = {100, 4_000_000, -1})
    void aModelThatIsCutShort(int length) throws IOException {
        byte[] whole = Files.readAllBytes(demo("model.onnx"));
        CodedInputStream in = CodedInputStream.newInstance(whole);
        int start = in.getTotalBytesRead();
        int tag = in.readTag();
        while (tag >>> 3 != GRAPH_FIELD) {
            in.skipField(tag);
            start = in.getTotalBytesRead();
            tag = in.readTag();
        }
        int graph = in.readRawVarint32();
        int kept = length < 0 ? in.getTotalBytesRead() + graph - 1 : length;
        Path file = file("m.onnx", Arrays.copyOf(whole, kept));
        command.isRefused(
                file,
                String.format(
                        Locale.ROOT,
                        "%s is cut short: a part that starts at byte %,d needs %,d bytes, but the"
                                + " file ends at byte %,d; copy or download it again.",
                        file,
                        start,
                        graph,
                        kept));
    }

    private static ValueInfoProto floats(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1)))
                .build();
    }

    private static ModelProto model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
                .setGraph(graph.setName("g").addInput(floats("x")).addOutput(floats("y")).build())
                .build();
    }

    private static NodeProto node(String operator, String... inputs) {
        return NodeProto.newBuilder()
                .setName("/layer0/" + operator)
                .setOpType(operator)
                .addAllInput(Arrays.asList(inputs))
                .addOutput("y")
                .build();
    }

    @Test
    void weightsInAFileThatIsMissing() throws IOException {
        TensorProto weight =
                TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(1)
                        .addDims(512)
                        .addDims(512)
                        .setDataLocation(1)
                        .addExternalData(
                                StringStringEntryProto.newBuilder()
                                        .setKey("location")
                                        .setValue("m.onnx_data"))
                        .build();
        GraphProto.Builder graph =
                GraphProto.newBuilder().addInitializer(weight).addNode(node("MatMul", "x", "w"));
        Path file = file("m.onnx", model(graph).toByteArray());
        command.isRefused(
                file,
                file
                        + " keeps its weights in 'm.onnx_data', which is missing from "
                        + folder
                        + "; put that file beside the model.");
    }

    @Test
    void aModelWithoutAttention() throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder().addNode(node("Relu", "x"));
        Path file = file("relu.onnx", model(graph).toByteArray());
        command.isRefused(
                file,
                file
                        + " has no attention: no softmax of a product of queries and keys was found"
                        + " in its graph; open a transformer.");
    }

    @Test
    void anUnknownFormOfAttentionIsNamedWithItsNode() throws IOException {
        NodeProto fused =
                node("PackedMultiHeadAttention", "x", "x", "x").toBuilder()
                        .setDomain("com.microsoft")
                        .build();
        Path file = file("fused.onnx", model(GraphProto.newBuilder().addNode(fused)).toByteArray());
        command.isRefused(
                file,
                file
                        + " has no attention in a form that is understood (node"
                        + " /layer0/PackedMultiHeadAttention: It is the fused operator"
                        + " PackedMultiHeadAttention, which the runtime has no kernel for on the"
                        + " processor); export it with eager attention.");
    }

    @Test
    void aFolderWithoutAModel() {
        command.isRefused(
                folder,
                folder
                        + " holds no model; expected model.onnx or another .onnx file in it or in"
                        + " its folder onnx.");
    }

    @Test
    void aFolderWithTwoModels() throws IOException {
        file("a.onnx", new byte[1]);
        file("b.onnx", new byte[1]);
        command.isRefused(
                folder,
                folder
                        + " holds 2 models (a.onnx, b.onnx) and none is called model.onnx; open one"
                        + " of these files instead.");
    }

    @Test
    void aModelWithoutInput() throws IOException {
        Files.copy(demo("model.onnx"), folder.resolve("model.onnx"));
        String sentence =
                " is a model and needs something to run: give it --text TEXT, --text-file FILE,"
                        + " --tokens 1,2,3 or --tokens-file FILE.";
        command.fails(2, folder.getFileName() + sentence, "heads", folder.toString());
        String file = folder.resolve("model.onnx").toString();
        String out = folder.resolve("x.safetensors").toString();
        command.fails(2, "model.onnx" + sentence, "capture", file, "--out", out);
    }

    @Test
    void aTextForAModelWithoutATokenizer() throws IOException {
        Files.copy(demo("model.onnx"), folder.resolve("model.onnx"));
        command.fails(
                3,
                folder.getFileName()
                        + " has no tokenizer.json beside it, so a text cannot be turned into"
                        + " tokens; put the file there, or give --tokens 1,2,3.",
                "heads",
                folder.toString(),
                "--text",
                "hello");
        command.fails(
                3,
                "Token 1024 at position 1 is outside the vocabulary of model.onnx; use ids from 0"
                        + " to 1023.",
                "heads",
                folder.toString(),
                "--tokens",
                "1,1024");
    }

    /**
     * Two million tokens in pieces. What is kept follows from the card: 4 layers of 6 query, 3 key
     * and 3 value heads of 32 numbers; the attention of one layer needs these and its result as
     * arrays. Which of the two does not fit depends on the machine.
     */
    @Test
    void aTextThatIsLongerThanFits() throws IOException {
        int tokens = 2_000_000;
        Path ids = folder.resolve("ids.txt");
        Files.writeString(ids, String.join(" ", Collections.nCopies(tokens, "5")));
        Path model = demo("model_no_cache.onnx");
        double layer = (6 + 3 + 3) * 32 * 4.0 * tokens;
        String start = "2,000,000 tokens through model_no_cache\\.onnx would need ";
        String amount = "([0-9,.]+ [GM]B)";
        String end =
                ", but "
                        + amount
                        + " are available; the longest input that fits has ([0-9,]+) tokens\\.";
        for (String out : new String[] {"x.png", "x.npy"}) {
            String sentence =
                    command.sentence(
                            4,
                            "map",
                            model.toString(),
                            "--tokens-file",
                            ids.toString(),
                            "--head",
                            "L0H0",
                            "--out",
                            folder.resolve(out).toString());
            Matcher machine =
                    Pattern.compile(
                                    start
                                            + amount
                                            + " of memory \\("
                                            + amount
                                            + " to run, "
                                            + amount
                                            + " to keep\\)"
                                            + end)
                            .matcher(sentence);
            Matcher heap =
                    Pattern.compile(
                                    start
                                            + amount
                                            + " of Java heap for what passes between its pieces"
                                            + end)
                            .matcher(sentence);
            Matcher met = machine.matches() ? machine : heap;
            assertThat(machine.matches() || heap.matches()).as(sentence).isTrue();
            if (machine.matches()) {
                double kept = 4 * layer;
                double run = bytes(machine.group(2));
                assertThat(bytes(machine.group(3))).isBetween(kept, kept * 1.01);
                assertThat(run).isGreaterThan(layer);
                assertThat(bytes(machine.group(1))).isBetween(run + kept * 0.9, run + kept * 1.1);
            } else {
                assertThat(bytes(heap.group(1))).isGreaterThan(layer);
            }
            int groups = met.groupCount();
            assertThat(bytes(met.group(groups - 1))).isLessThan(bytes(met.group(1)));
            assertThat(Long.parseLong(met.group(groups).replace(",", "")))
                    .isBetween(1L, tokens - 1L);
        }
    }

    private static double bytes(String words) {
        String[] parts = words.replace(",", "").split(" ", 2);
        return Double.parseDouble(parts[0]) * (parts[1].equals("GB") ? 1e9 : 1e6);
    }
}
