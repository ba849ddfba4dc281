package org.headlight.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;

import com.google.protobuf.ByteString;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.attention.OrtRun;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.StringStringEntryProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Skeletons load with the original weights, wherever those lie. */
class ModelSkeletonTest {
    private static final int WIDTH = 20;

    @TempDir private Path folder;

    /** y = (x w) + c, with a weight and a constant that are both too large to stay inside. */
    private static GraphMaker product() {
        GraphMaker g = new GraphMaker(17);
        g.input("x", GraphMaker.FLOAT, "n", WIDTH);
        g.matMul("xw", "x", g.weight("w", WIDTH, WIDTH));
        TensorProto.Builder big = TensorProto.newBuilder().setDataType(1).addDims(400);
        for (int i = 0; i < 400; i++) {
            big.addFloatData(i / 7f);
        }
        g.constant("c", big.build());
        g.reshape("c2", "c", WIDTH, WIDTH);
        g.matMul("y", "xw", "c2");
        return g.output("y", GraphMaker.FLOAT, "n", WIDTH);
    }

    private static Map<String, OnnxTensor> feed() {
        float[] x = new float[3 * WIDTH];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i);
        }
        return Map.of("x", OrtRun.floats(x, 3, WIDTH));
    }

    private static float[] ours(ModelSkeleton model, Map<String, OnnxTensor> in) {
        String output = model.graphOutputs().getFirst().name();
        return requireNonNull(
                        OrtRun.run(model.withOutputs(List.of()), in, List.of(output)).get(output))
                .values();
    }

    private static float[] own(Path file, String output, Map<String, OnnxTensor> in) {
        return requireNonNull(OrtRun.run(file, in).get(output)).values();
    }

    private static Path withExternalData(ModelProto model, Path file, String data)
            throws IOException {
        TensorProto weight = model.getGraph().getInitializer(0);
        byte[] padded = new byte[64 + weight.getRawData().size()];
        weight.getRawData().copyTo(padded, 64);
        Files.write(file.resolveSibling(data), padded);
        return Files.write(file, withReference(model, data, 64).toByteArray());
    }

    private static ModelProto withReference(ModelProto model, String location, long offset) {
        ModelProto.Builder out = model.toBuilder();
        TensorProto.Builder weight = out.getGraphBuilder().getInitializerBuilder(0);
        int length = weight.getRawData().size();
        weight.clearRawData().setDataLocation(1);
        weight.addExternalData(entry("location", location));
        weight.addExternalData(entry("offset", Long.toString(offset)));
        weight.addExternalData(entry("length", Integer.toString(length)));
        return out.build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void weightsAndLargeConstantsStayInTheFileAndGiveTheSameNumbers() {
        Path file = product().write(folder.resolve("m.onnx"));
        ModelSkeleton model = ModelSkeleton.open(file);
        SessionGraph graph = model.withOutputs(List.of());
        assertThat(graph.bytes().length).isLessThan(900);
        assertThat(ours(model, feed())).containsExactly(own(file, "y", feed()));
        assertThat(model.index().constant("w"))
                .extracting(TensorProto::getDimsList)
                .isEqualTo(List.of(20L, 20L));
        assertThat(model.index().constant("c"))
                .extracting(TensorProto::getDimsList)
                .isEqualTo(List.of(400L));
        assertThat(model.index().constant("none")).isNull();
        assertThat(model.index().values("c2_shape")).containsExactly(20, 20);
        assertThat(model.index().values("w")).isNull();
    }

    @Test
    void aRealModelGivesTheSameNumbersFromItsSkeleton() {
        Path file = SharedFiles.demo("model_no_cache.onnx");
        ModelSkeleton model = ModelSkeleton.open(file);
        long[] ids = IntStream.range(1, 64).mapToLong(i -> i * 13L).toArray();
        Map<String, OnnxTensor> in = Map.of("input_ids", OrtRun.longs(ids, 1, ids.length));
        assertThat(ours(model, in)).containsExactly(own(file, "logits", in));
        assertThat(model.withOutputs(List.of()).bytes().length).isLessThan(200_000);
    }

    @Test
    void theHashIsTheStartOfTheSha256OfTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        assertThat(SkeletonOpener.hash(file)).isEqualTo("ba7816bf8f01");
    }

    @Test
    void inputsAndOutputsAreDescribed() {
        ModelSkeleton model = product().open(folder);
        assertThat(model.graphInputs())
                .containsExactly(new GraphValue("x", ElementType.FLOAT, List.of("n", "20")));
        assertThat(model.graphInputs().getFirst().shape()).isEqualTo("[n, 20]");
        assertThat(model.graphOutputs()).extracting(GraphValue::name).containsExactly("y");
    }

    @Test
    void tensorsInsideBecomeOutputsAndUnknownOnesAreRefused() {
        ModelSkeleton model = product().open(folder);
        List<String> names = List.of("xw", "x", "w", "c2", "y");
        Map<String, OrtRun.Numbers> run = OrtRun.run(model.withOutputs(names), feed(), names);
        assertThat(requireNonNull(run.get("w")).shape()).containsExactly(20, 20);
        assertThat(requireNonNull(run.get("x")).shape()).containsExactly(3, 20);
        assertThat(requireNonNull(run.get("xw")).shape()).containsExactly(3, 20);
        assertThatThrownBy(() -> model.withOutputs(List.of("nothing")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no tensor 'nothing' in ");
    }

    @Test
    void externalDataBesideTheModelIsFound() throws IOException {
        Path plain = product().write(folder.resolve("plain.onnx"));
        Path file = withExternalData(product().model(), folder.resolve("m.onnx"), "m.onnx_data");
        assertThat(ours(ModelSkeleton.open(file), feed())).containsExactly(own(plain, "y", feed()));
    }

    @Test
    void externalDataOfMoreThanTwoGigabytesIsReachedByItsOffset() throws IOException {
        Path plain = product().write(folder.resolve("plain.onnx"));
        long far = 3L << 30;
        try (var channel =
                Files.newByteChannel(
                        folder.resolve("far.data"),
                        java.nio.file.StandardOpenOption.CREATE_NEW,
                        java.nio.file.StandardOpenOption.WRITE,
                        java.nio.file.StandardOpenOption.SPARSE)) {
            channel.position(far);
            ByteString weight = product().model().getGraph().getInitializer(0).getRawData();
            channel.write(weight.asReadOnlyByteBuffer());
        }
        ModelProto model = withReference(product().model(), "far.data", far);
        Path file = Files.write(folder.resolve("m.onnx"), model.toByteArray());
        assertThat(ours(ModelSkeleton.open(file), feed())).containsExactly(own(plain, "y", feed()));
    }

    @Test
    void aCacheOfSymbolicLinksIsFollowedToItsFiles() throws IOException {
        Path plain = product().write(folder.resolve("plain.onnx"));
        Path blobs = Files.createDirectories(folder.resolve("hub/blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("hub/snapshots/rev/onnx"));
        withExternalData(product().model(), blobs.resolve("model"), "data");
        Files.write(
                blobs.resolve("aaaa"),
                withReference(product().model(), "model.onnx_data", 64).toByteArray());
        Files.move(blobs.resolve("data"), blobs.resolve("bbbb"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../../blobs/aaaa"));
        Files.createSymbolicLink(
                snapshot.resolve("model.onnx_data"), Path.of("../../../blobs/bbbb"));
        ModelSkeleton model = ModelSkeleton.open(snapshot.resolve("model.onnx"));
        assertThat(model.withOutputs(List.of()).externalFolder()).isEqualTo(blobs.toRealPath());
        assertThat(ours(model, feed())).containsExactly(own(plain, "y", feed()));
    }

    @Test
    void linksIntoDifferentFoldersShareTheFolderAboveThem() throws IOException {
        Path plain = product().write(folder.resolve("plain.onnx"));
        Path one = Files.createDirectories(folder.resolve("store/one"));
        Path two = Files.createDirectories(folder.resolve("store/two"));
        Path view = Files.createDirectories(folder.resolve("view"));
        withExternalData(product().model(), one.resolve("m.onnx"), "w.bin");
        Files.move(one.resolve("w.bin"), two.resolve("w.bin"));
        Files.createSymbolicLink(view.resolve("m.onnx"), one.resolve("m.onnx"));
        Files.createSymbolicLink(view.resolve("w.bin"), two.resolve("w.bin"));
        ModelSkeleton model = ModelSkeleton.open(view.resolve("m.onnx"));
        assertThat(model.withOutputs(List.of()).externalFolder())
                .isEqualTo(folder.resolve("store").toRealPath());
        assertThat(ours(model, feed())).containsExactly(own(plain, "y", feed()));
    }

    @Test
    void aHardLinkIsAFileLikeAnyOther() throws IOException {
        Path plain = product().write(folder.resolve("plain.onnx"));
        Path link = Files.createLink(folder.resolve("link.onnx"), plain);
        assertThat(ours(ModelSkeleton.open(link), feed())).containsExactly(own(plain, "y", feed()));
    }

    @Test
    void nothingIsWrittenBesideTheModel() throws IOException {
        Path file = product().write(folder.resolve("m.onnx"));
        ours(ModelSkeleton.open(file), feed());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    /** A graph around branches, with a tensor of that name. */
    private static GraphMaker around(String name) {
        GraphMaker g = new GraphMaker(17);
        g.input("x", GraphMaker.FLOAT, "n", 400);
        g.input("past", GraphMaker.FLOAT, "n", 400);
        g.input("use_cache_branch", GraphMaker.BOOL, 1);
        g.node("Abs", "a", List.of("x"));
        g.node("Relu", name, List.of("x"));
        return g;
    }

    @Test
    void aBranchInlinedGivesTheNumbersOfTheWhole() throws IOException {
        ModelProto model = withIf(around("outer"));
        Path file = Files.write(folder.resolve("if.onnx"), model.toByteArray());
        float[] x = new float[800];
        float[] past = new float[800];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.cos(i);
            past[i] = i;
        }
        ModelSkeleton whole = ModelSkeleton.open(file);
        for (boolean cache : new boolean[] {true, false}) {
            Map<String, OnnxTensor> in =
                    Map.of(
                            "x", OrtRun.floats(x, 2, 400),
                            "past", OrtRun.floats(past, 2, 400),
                            "use_cache_branch", OrtRun.truth(cache));
            ModelSkeleton inlined = whole.inlined(cache);
            assertThat(inlined.index().nodes()).noneMatch(node -> node.getOpType().equals("If"));
            List<String> outputs = List.of("first", "second", "outer");
            Map<String, OrtRun.Numbers> expected =
                    OrtRun.run(whole.withOutputs(List.of("outer")), in, outputs);
            Map<String, OrtRun.Numbers> actual =
                    OrtRun.run(inlined.withOutputs(List.of("outer")), in, outputs);
            for (String output : outputs) {
                assertThat(requireNonNull(actual.get(output)).values())
                        .as(output + " " + cache)
                        .containsExactly(requireNonNull(expected.get(output)).values());
            }
        }
        assertThat(whole.merged()).isTrue();
        assertThat(whole.inlined(true).graphInputs())
                .extracting(GraphValue::name)
                .containsExactly("x");
        assertThat(whole.inlined(false).graphInputs())
                .extracting(GraphValue::name)
                .containsExactly("x", "past");
        assertThat(whole.inlined(true).inlined(false).merged()).isFalse();
    }

    @Test
    void aNameThatABranchRepeatsIsKeptApart() throws IOException {
        Path file = folder.resolve("if.onnx");
        Files.write(file, withIf(around("negative")).toByteArray());
        ModelSkeleton inlined = ModelSkeleton.open(file).inlined(false);
        float[] x = new float[400];
        x[0] = 2;
        x[1] = -3;
        Map<String, OnnxTensor> in =
                Map.of("x", OrtRun.floats(x, 1, 400), "past", OrtRun.floats(x, 1, 400));
        List<String> names = List.of("first", "negative");
        Map<String, OrtRun.Numbers> run = OrtRun.run(inlined.withOutputs(names), in, names);
        assertThat(requireNonNull(run.get("first")).values()).startsWith(-2, -3);
        assertThat(requireNonNull(run.get("negative")).values()).startsWith(2, 0);
    }

    private static ModelProto withIf(GraphMaker g) {
        GraphMaker then = new GraphMaker(17, 1);
        then.node("Add", "inner", List.of("a", then.weight("w_big", 1, 400)));
        then.node("Exp", "first", List.of("inner"));
        then.output("first", GraphMaker.FLOAT, "n", 400)
                .output("inner", GraphMaker.FLOAT, "n", 400);
        GraphMaker other = new GraphMaker(17, 2);
        other.node("Sub", "first", List.of("past", other.weight("w_big", 1, 400)));
        other.node("Neg", "negative", List.of("a"));
        other.output("negative", GraphMaker.FLOAT, "n", 400)
                .output("first", GraphMaker.FLOAT, "n", 400);
        ModelProto.Builder model = g.model().toBuilder();
        model.getGraphBuilder()
                .addNode(
                        GraphMaker.branching(
                                "use_cache_branch",
                                List.of("first", "second"),
                                then.graph(),
                                other.graph()))
                .addOutput(
                        new GraphMaker(17)
                                .output("first", GraphMaker.FLOAT, "n", 400)
                                .graph()
                                .getOutput(0))
                .addOutput(
                        new GraphMaker(17)
                                .output("second", GraphMaker.FLOAT, "n", 400)
                                .graph()
                                .getOutput(0));
        return model.build();
    }
}
