package org.headlight.engine.attention;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;

import org.headlight.engine.onnx.GraphValue;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Models as their exporters wrote them: what is found, and that the probabilities recomputed from
 * the tensors named equal the model's own.
 */
class RealModelTest {
    private static final int TOKENS = 13;

    private static long[] ids(int count, int vocabulary) {
        return new Random(5).longs(count, 1, vocabulary).toArray();
    }

    private static float[] noise(int count) {
        Random random = new Random(11);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static OnnxTensor positions() {
        return OrtRun.longs(LongStream.range(0, TOKENS).toArray(), 1, TOKENS);
    }

    private static OnnxTensor ones() {
        return OrtRun.longs(LongStream.generate(() -> 1).limit(TOKENS).toArray(), 1, TOKENS);
    }

    @Test
    void theDemoWithACacheIsReadBeforeItsHeadsAreRepeated() {
        ModelSkeleton model = ModelSkeleton.open(SharedFiles.demo("model.onnx"));
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites())
                .extracting(AttentionSite::key)
                .containsExactly(
                        "present.0.key", "present.1.key", "present.2.key", "present.3.key");
        assertThat(found.sites())
                .extracting(AttentionSite::value)
                .containsExactly(
                        "present.0.value", "present.1.value", "present.2.value", "present.3.value");
        assertThat(found.sites()).allMatch(site -> site.kind() == SiteKind.SELF);
        assertThat(model.vocabulary()).isEqualTo(1024);
        Map<String, OnnxTensor> in = new HashMap<>();
        in.put("input_ids", OrtRun.longs(ids(TOKENS, 1024), 1, TOKENS));
        in.put("attention_mask", ones());
        in.put("position_ids", positions());
        for (GraphValue input : model.graphInputs()) {
            in.putIfAbsent(input.name(), OrtRun.floats(new float[0], 1, 3, 0, 32));
        }
        assertThat(SiteTruth.error(model, found.sites(), in)).isLessThan(1e-5);
    }

    @Test
    void theDemoWithoutACacheGivesTheSameProbabilities() {
        ModelSkeleton model = ModelSkeleton.open(SharedFiles.demo("model_no_cache.onnx"));
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites()).hasSize(4);
        Map<String, OnnxTensor> in =
                Map.of("input_ids", OrtRun.longs(ids(TOKENS, 1024), 1, TOKENS));
        assertThat(SiteTruth.error(model, found.sites(), in)).isLessThan(1e-5);
    }

    @Test
    void miniLmHasSixLayersOfBidirectionalAttention(@TempDir Path folder) {
        ModelSkeleton model = ModelSkeleton.open(SharedFiles.miniLm(folder));
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites())
                .extracting(AttentionSite::node)
                .containsExactlyElementsOf(
                        IntStream.range(0, 6)
                                .mapToObj(l -> "/encoder/layer." + l + "/attention/self/Softmax")
                                .toList());
        assertThat(found.sites()).allMatch(site -> site.form().equals("eager"));
        assertThat(model.vocabulary()).isEqualTo(30522);
        Map<String, OnnxTensor> in =
                Map.of(
                        "input_ids", OrtRun.longs(ids(TOKENS, 30522), 1, TOKENS),
                        "attention_mask", ones(),
                        "token_type_ids", OrtRun.longs(new long[TOKENS], 1, TOKENS));
        assertThat(SiteTruth.error(model, found.sites(), in)).isLessThan(1e-5);
    }

    @Test
    void theMoonshineEncoderIsReadWithItsScaleInsideQueriesAndKeys() {
        ModelSkeleton model =
                ModelSkeleton.open(SharedFiles.shared("models/moonshine-tiny/encoder_model.onnx"));
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites()).hasSize(6).allMatch(site -> site.form().equals("sdpa"));
        assertThat(found.sites()).allMatch(site -> site.kind() == SiteKind.SELF);
        Map<String, OnnxTensor> in = Map.of("input_values", OrtRun.floats(noise(8000), 1, 8000));
        assertThat(SiteTruth.error(model, found.sites(), in)).isLessThan(1e-5);
    }

    @Test
    void theMergedMoonshineDecoderAlternatesSelfAndCrossAttention() {
        ModelSkeleton merged =
                ModelSkeleton.open(
                        SharedFiles.shared("models/moonshine-tiny/decoder_model_merged.onnx"));
        assertThat(merged.merged()).isTrue();
        assertThat(AttentionFinder.find(merged).sites()).isEmpty();
        assertThat(AttentionFinder.find(merged).unsupported()).hasSize(24);
        ModelSkeleton model = merged.inlined(false);
        assertThat(model.graphInputs())
                .extracting(GraphValue::name)
                .containsExactly("input_ids", "encoder_hidden_states");
        assertThat(model.graphOutputs()).isEqualTo(merged.graphOutputs());
        assertThat(model.vocabulary()).isEqualTo(32768);
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites().stream().map(site -> site.kind() + " " + site.layer()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 6)
                                .boxed()
                                .flatMap(l -> List.of("SELF " + l, "CROSS " + l).stream())
                                .toList());
        Map<String, OnnxTensor> in =
                Map.of(
                        "input_ids", OrtRun.longs(ids(5, 32768), 1, 5),
                        "encoder_hidden_states", OrtRun.floats(noise(7 * 288), 1, 7, 288));
        assertThat(SiteTruth.error(model, found.sites(), in)).isLessThan(1e-5);
    }

    @Test
    void theCachedBranchReadsItsCrossKeysFromTheCache() {
        ModelSkeleton model =
                ModelSkeleton.open(
                                SharedFiles.shared(
                                        "models/moonshine-tiny/decoder_model_merged.onnx"))
                        .inlined(true);
        AttentionFindings found = AttentionFinder.find(model);
        assertThat(found.unsupported()).isEmpty();
        assertThat(found.sites().stream().filter(site -> site.kind() == SiteKind.CROSS))
                .extracting(AttentionSite::value)
                .containsExactlyElementsOf(
                        IntStream.range(0, 6)
                                .mapToObj(l -> "past_key_values." + l + ".encoder.value")
                                .toList());
        Map<String, OnnxTensor> in = new HashMap<>();
        in.put("input_ids", OrtRun.longs(ids(1, 32768), 1, 1));
        in.put("encoder_hidden_states", OrtRun.floats(noise(7 * 288), 1, 7, 288));
        for (GraphValue input : model.graphInputs()) {
            int past = input.name().contains(".encoder.") ? 7 : 3;
            in.putIfAbsent(input.name(), OrtRun.floats(noise(8 * past * 36), 1, 8, past, 36));
        }
        assertThat(SiteTruth.error(model, found.sites(), in)).isLessThan(1e-5);
    }
}
