package org.headlight.engine.attention;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.attention.AttentionSite.MaskTerm;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One small graph for each way to write attention. Each is run, and the probabilities recomputed
 * from the tensors that were named must equal the graph's own.
 */
class FormTest {
    private static final int TOKENS = 7;
    private static final int WIDTH = 12;

    @TempDir private Path folder;

    private final GraphMaker g = new GraphMaker(17);

    private void projections() {
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        for (String name : List.of("q", "k", "v")) {
            g.matMul(name + "_flat", "x", g.weight("w_" + name, WIDTH, WIDTH));
            g.reshape(name + "_split", name + "_flat", 0, 0, 3, 4);
        }
    }

    private void heads() {
        projections();
        for (String name : List.of("q", "k", "v")) {
            g.transpose(name, name + "_split", 0, 2, 1, 3);
        }
    }

    private void keysTransposed() {
        heads();
        g.transpose("kt", "k", 0, 1, 3, 2);
    }

    private void finish(String scores, String value) {
        g.node("Softmax", "p", List.of(scores), "axis", -1);
        g.matMul("context", "p", value);
        g.output("context");
    }

    private AttentionSite only(ModelSkeleton model) {
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites()).hasSize(1);
        return found.sites().getFirst();
    }

    private static float[] noise(int count) {
        Random random = new Random(3);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private AttentionSite proven() {
        ModelSkeleton model = g.open(folder);
        AttentionSite site = only(model);
        Map<String, OnnxTensor> in =
                Map.of("x", OrtRun.floats(noise(TOKENS * WIDTH), 1, TOKENS, WIDTH));
        assertThat(SiteTruth.error(model, List.of(site), in)).isLessThan(1e-6);
        return site;
    }

    private String reason() {
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported()).hasSize(1);
        assertThat(found.unsupported().getFirst().node()).isEqualTo("/p");
        return found.unsupported().getFirst().reason();
    }

    /** A triangle of truth: row n sees column m where m <= n. */
    private void triangle() {
        g.node("Shape", "shape", List.of("q"));
        g.node("Gather", "n", List.of("shape", g.constant("two", scalar(2))), "axis", 0);
        String zero = g.constant("zero", scalar(0));
        g.node("Range", "range", List.of(zero, "n", g.constant("one", scalar(1))));
        g.node("Unsqueeze", "columns", List.of("range", g.integers("axis0", 0)));
        g.node("Unsqueeze", "rows", List.of("range", g.integers("axis1", 1)));
        g.node("LessOrEqual", "sees", List.of("columns", "rows"));
    }

    private static TensorProto scalar(long value) {
        return TensorProto.newBuilder().setDataType(7).addInt64Data(value).build();
    }

    @Test
    void aDividedProductIsEager() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Div", "scaled", List.of("s", g.number("c", 2)));
        finish("scaled", "v");
        AttentionSite site = proven();
        assertThat(site.form()).isEqualTo("eager");
        assertThat(site.key()).isEqualTo("k");
        assertThat(site.keyLayout()).isEqualTo(KeyLayout.ROWS);
        assertThat(site.scale()).containsExactly(new ScaleFactor(2f, null, true));
    }

    @Test
    void aMultiplierMayStandOnEitherSide() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Mul", "scaled", List.of(g.number("c", 0.5), "s"));
        finish("scaled", "v");
        assertThat(proven().scale()).containsExactly(new ScaleFactor(0.5f, null, false));
    }

    @Test
    void keysSplitAndTransposedInOneStepAreTransposed() {
        projections();
        g.transpose("q", "q_split", 0, 2, 1, 3);
        g.transpose("v", "v_split", 0, 2, 1, 3);
        g.transpose("k", "k_split", 0, 2, 3, 1);
        g.matMul("s", "q", "k");
        finish("s", "v");
        AttentionSite site = proven();
        assertThat(site.key()).isEqualTo("k");
        assertThat(site.keyLayout()).isEqualTo(KeyLayout.TRANSPOSED);
        assertThat(site.scale()).isEmpty();
    }

    @Test
    void aScaleOfTheQueriesIsAlreadyInThem() {
        keysTransposed();
        g.node("Mul", "q_scaled", List.of("q", g.number("c", 0.5)));
        g.matMul("s", "q_scaled", "kt");
        finish("s", "v");
        AttentionSite site = proven();
        assertThat(site.query()).isEqualTo("q_scaled");
        assertThat(site.scale()).isEmpty();
    }

    @Test
    void sdpaKeepsItsScaleInQueriesAndKeys() {
        keysTransposed();
        g.node("Shape", "q_shape", List.of("q"));
        g.node(
                "Slice",
                "depth",
                List.of("q_shape", g.integers("from", -1), g.integers("to", Long.MAX_VALUE)));
        g.node("Cast", "depth_f", List.of("depth"), "to", 1);
        g.node("Sqrt", "root", List.of("depth_f"));
        g.node("Div", "inverse", List.of(g.number("one", 1), "root"));
        g.node("Sqrt", "half", List.of("inverse"));
        g.node("Mul", "qs", List.of("q", "half"));
        g.node("Mul", "ks", List.of("kt", "half"));
        g.matMul("s", "qs", "ks");
        finish("s", "v");
        AttentionSite site = proven();
        assertThat(site.form()).isEqualTo("sdpa");
        assertThat(site.query()).isEqualTo("qs");
        assertThat(site.key()).isEqualTo("ks");
        assertThat(site.keyLayout()).isEqualTo(KeyLayout.TRANSPOSED);
    }

    @Test
    void groupedSdpaIsReadBeforeItsHeadsAreRepeatedAndItsKeyScaleIsKept() {
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        g.matMul("q_flat", "x", g.weight("w_q", WIDTH, 24));
        g.reshape("q_split", "q_flat", 0, 0, 6, 4);
        g.transpose("q", "q_split", 0, 2, 1, 3);
        for (String name : List.of("k", "v")) {
            g.matMul(name + "_flat", "x", g.weight("w_" + name, WIDTH, 8));
            g.reshape(name + "_split", name + "_flat", 0, 0, 2, 4);
            g.transpose(name, name + "_split", 0, 2, 1, 3);
            g.node("Unsqueeze", name + "_grouped", List.of(name, g.integers(name + "_axis", 2)));
            g.node(
                    "Expand",
                    name + "_copies",
                    List.of(name + "_grouped", g.integers(name + "_times", 1, 1, 3, 1, 1)));
            g.reshape(name + "_all", name + "_copies", 0, 6, -1, 4);
        }
        g.transpose("kt", "k_all", 0, 1, 3, 2);
        g.node("Mul", "qs", List.of("q", g.number("c", 0.7)));
        g.node("Mul", "ks", List.of("kt", "c"));
        g.matMul("s", "qs", "ks");
        finish("s", "v_all");
        AttentionSite site = proven();
        assertThat(site.form()).isEqualTo("sdpa");
        assertThat(site.key()).isEqualTo("k");
        assertThat(site.keyLayout()).isEqualTo(KeyLayout.ROWS);
        assertThat(site.value()).isEqualTo("v");
        assertThat(site.scale()).containsExactly(new ScaleFactor(0.7f, null, false));
    }

    @Test
    void headsRepeatedInAnotherOrderAreCapturedAfterTheRepetition() {
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        g.matMul("q_flat", "x", g.weight("w_q", WIDTH, 24));
        g.reshape("q_split", "q_flat", 0, 0, 6, 4);
        g.transpose("q", "q_split", 0, 2, 1, 3);
        for (String name : List.of("k", "v")) {
            g.matMul(name + "_flat", "x", g.weight("w_" + name, WIDTH, 8));
            g.reshape(name + "_split", name + "_flat", 0, 0, 2, 4);
            g.transpose(name, name + "_split", 0, 2, 1, 3);
            g.node("Unsqueeze", name + "_grouped", List.of(name, g.integers(name + "_axis", 1)));
            g.node(
                    "Expand",
                    name + "_copies",
                    List.of(name + "_grouped", g.integers(name + "_times", 1, 3, 1, 1, 1)));
            g.reshape(name + "_all", name + "_copies", 1, 6, -1, 4);
        }
        g.transpose("kt", "k_all", 0, 1, 3, 2);
        g.matMul("s", "q", "kt");
        finish("s", "v_all");
        AttentionSite site = proven();
        assertThat(site.key()).isEqualTo("k_all");
        assertThat(site.value()).isEqualTo("v_all");
    }

    @Test
    void headsFoldedIntoTheBatchAreRead() {
        projections();
        g.transpose("q", "q_split", 0, 2, 1, 3);
        g.transpose("k", "k_split", 0, 2, 1, 3);
        g.transpose("v", "v_split", 0, 2, 1, 3);
        g.reshape("q3", "q", 3, -1, 4);
        g.reshape("k3", "k", 3, -1, 4);
        g.reshape("v3", "v", 3, -1, 4);
        triangle();
        g.transpose("kt", "k3", 0, 2, 1);
        g.matMul("s", "q3", "kt");
        g.node("Unsqueeze", "s4", List.of("s", g.integers("front", 0)));
        g.node("Where", "masked", List.of("sees", "s4", g.number("low", -1e9)));
        g.node("Squeeze", "back", List.of("masked", "front"));
        finish("back", "v3");
        AttentionSite site = proven();
        assertThat(site.query()).isEqualTo("q3");
        assertThat(site.key()).isEqualTo("k3");
        assertThat(site.mask())
                .containsExactly(new MaskTerm(MaskTerm.Kind.WHERE_KEEP, "sees", -1e9f));
    }

    @Test
    void aMaskIsAddedThroughCastsAndAnOverflowGuard() {
        keysTransposed();
        triangle();
        g.node("Where", "bias", List.of("sees", g.number("zero_f", 0), g.number("low", -1e9)));
        g.matMul("s", "q", "kt");
        g.node("Mul", "scaled", List.of("s", g.number("c", 0.5)));
        g.node("Add", "added", List.of("bias", "scaled"));
        g.node("Max", "guarded", List.of("added", g.number("least", -3.4e38)));
        g.node("Cast", "cast", List.of("guarded"), "to", 1);
        g.node("Softmax", "p", List.of("cast"), "axis", -1);
        g.node("Cast", "p_cast", List.of("p"), "to", 1);
        g.node("Dropout", "p_kept", List.of("p_cast"));
        g.matMul("context", "p_kept", "v");
        g.output("context");
        AttentionSite site = proven();
        assertThat(site.mask()).containsExactly(new MaskTerm(MaskTerm.Kind.ADD, "bias", 0));
        assertThat(site.scale()).containsExactly(new ScaleFactor(0.5f, null, false));
    }

    @Test
    void aScaleAfterAMaskScalesWhatTheMaskPutIn() {
        keysTransposed();
        triangle();
        g.matMul("s", "q", "kt");
        g.node("Where", "masked", List.of("sees", "s", g.number("low", -100)));
        g.node("Div", "scaled", List.of("masked", g.number("c", 4)));
        finish("scaled", "v");
        assertThat(proven().mask())
                .containsExactly(new MaskTerm(MaskTerm.Kind.WHERE_KEEP, "sees", -25f));
    }

    @Test
    void aConditionThatDropsScoresIsToldFromOneThatKeepsThem() {
        keysTransposed();
        triangle();
        g.node("Not", "hidden", List.of("sees"));
        g.matMul("s", "q", "kt");
        g.node("Where", "masked", List.of("hidden", g.number("low", -1e9), "s"));
        finish("masked", "v");
        assertThat(proven().mask())
                .containsExactly(new MaskTerm(MaskTerm.Kind.WHERE_DROP, "hidden", -1e9f));
    }

    @Test
    void rowsThatSeeNothingMayBeTurnedIntoZeros() {
        keysTransposed();
        triangle();
        g.matMul("s", "q", "kt");
        g.node("Where", "masked", List.of("sees", "s", g.number("low", Double.NEGATIVE_INFINITY)));
        g.node("Softmax", "p", List.of("masked"), "axis", -1);
        g.node("IsNaN", "blind", List.of("p"));
        g.node("Where", "p_safe", List.of("blind", g.number("zero_f", 0), "p"));
        g.matMul("context", "p_safe", "v");
        g.output("context");
        assertThat(proven().probabilities()).isEqualTo("p_safe");
    }

    @Test
    void anEinsumWithHeadsBeforePositionsIsRead() {
        heads();
        g.node("Einsum", "s", List.of("q", "k"), "equation", "bhqd, bhkd -> bhqk");
        g.node("Softmax", "p", List.of("s"), "axis", 3);
        g.node("Einsum", "context", List.of("p", "v"), "equation", "bhqk,bhkd->bqhd");
        g.output("context");
        AttentionSite site = proven();
        assertThat(site.key()).isEqualTo("k");
        assertThat(site.keyLayout()).isEqualTo(KeyLayout.ROWS);
    }

    @Test
    void aLearnedBiasOfPositionsIsAMaskThatIsAdded() {
        keysTransposed();
        triangle();
        g.node("Sub", "distance", List.of("rows", "columns"));
        g.node("Cast", "distance_f", List.of("distance"), "to", 1);
        g.node("Mul", "slope", List.of("distance_f", g.weight("slopes", 3, 1, 1)));
        g.matMul("s", "q", "kt");
        g.node("Add", "added", List.of("s", "slope"));
        finish("added", "v");
        assertThat(proven().mask()).containsExactly(new MaskTerm(MaskTerm.Kind.ADD, "slope", 0));
    }

    @Test
    void keysOfAnotherSequenceMakeItCross() {
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        g.input("memory", GraphMaker.FLOAT, 1, "m", WIDTH);
        for (String name : List.of("q", "k", "v")) {
            String from = name.equals("q") ? "x" : "memory";
            g.matMul(name + "_flat", from, g.weight("w_" + name, WIDTH, WIDTH));
            g.reshape(name + "_split", name + "_flat", 0, 0, 3, 4);
            g.transpose(name, name + "_split", 0, 2, 1, 3);
        }
        g.transpose("kt", "k", 0, 1, 3, 2);
        g.matMul("s", "q", "kt");
        finish("s", "v");
        ModelSkeleton model = g.open(folder);
        AttentionSite site = only(model);
        assertThat(site.kind()).isEqualTo(SiteKind.CROSS);
        Map<String, OnnxTensor> in =
                Map.of(
                        "x", OrtRun.floats(noise(TOKENS * WIDTH), 1, TOKENS, WIDTH),
                        "memory", OrtRun.floats(noise(5 * WIDTH), 1, 5, WIDTH));
        assertThat(SiteTruth.error(model, List.of(site), in)).isLessThan(1e-6);
    }

    @Test
    void aRouterIsNoAttention() {
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        g.matMul("logits", "x", g.weight("gate", WIDTH, 5));
        g.node("Softmax", "p", List.of("logits"), "axis", -1);
        g.matMul("mixed", "p", g.weight("experts", 5, WIDTH));
        g.output("mixed");
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported()).isEmpty();
    }

    @Test
    void aPoolingByALearnedQueryIsNoAttention() {
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        g.transpose("xt", "x", 0, 2, 1);
        g.matMul("scores", g.weight("query", 1, 1, WIDTH), "xt");
        g.node("Softmax", "p", List.of("scores"), "axis", -1);
        g.matMul("pooled", "p", "x");
        g.output("pooled");
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported()).isEmpty();
    }

    @Test
    void aTensorThatMultipliesScoresIsNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Mul", "scaled", List.of("s", g.weight("per_head", 3, 1, 1)));
        finish("scaled", "v");
        assertThat(reason())
                .isEqualTo(
                        "Its scores are multiplied by the tensor 'per_head' in /scaled; a single"
                                + " number was expected.");
    }

    @Test
    void aSoftmaxOverAnotherAxisIsNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Softmax", "p", List.of("s"), "axis", 1);
        g.matMul("context", "p", "v");
        g.output("context");
        assertThat(reason()).isEqualTo("Its softmax runs over axis 1; the last axis was expected.");
    }

    @Test
    void probabilitiesThatAreChangedBeforeTheValuesAreNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Softmax", "p", List.of("s"), "axis", -1);
        g.node("Mul", "p_masked", List.of("p", g.weight("head_mask", 3, 1, 1)));
        g.matMul("context", "p_masked", "v");
        g.output("context");
        assertThat(reason())
                .isEqualTo(
                        "Its probabilities were expected to meet the values in a MatMul, but Mul"
                                + " (/p_masked) follows.");
    }

    @Test
    void fusedOperatorsThatAreNotReadAreNamed() {
        g.withDomain("com.microsoft");
        g.input("q", GraphMaker.FLOAT, 1, "n", WIDTH);
        g.nodeOf("com.microsoft", "PackedMultiHeadAttention", "out", List.of("q", "q", "q"));
        g.nodeOf("com.microsoft", "LongformerAttention", "out2", List.of("q", "q", "q"));
        g.nodeOf("com.microsoft", "LinearAttention", "out3", List.of("q", "q", "q"));
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported())
                .containsExactly(
                        new UnsupportedSite(
                                "/out",
                                "It is the fused operator PackedMultiHeadAttention, which the"
                                        + " runtime has no kernel for on the processor."),
                        new UnsupportedSite(
                                "/out2",
                                "It is the fused operator LongformerAttention, which the runtime"
                                        + " has no kernel for on the processor."),
                        new UnsupportedSite(
                                "/out3",
                                "It is the fused operator LinearAttention, which keeps a running"
                                        + " state instead of a map, so there is no map to show."));
    }
}
