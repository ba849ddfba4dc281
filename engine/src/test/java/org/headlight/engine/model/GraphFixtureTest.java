package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Graphs of many exporters and optimisers: what opens, as what, and what is refused and why. */
class GraphFixtureTest {
    private static final String OPENING =
            """
            # graph, sites (self, then cross), a batch of two made one, largest difference 10^-x
            fusion-tools__attention_opt, com.microsoft.Attention 2x8, no, 6
            fusion-tools__attention_with_varied_qkv_opt, com.microsoft.Attention 2x12, no, 6
            fusion-tools__bert_3d_attention_opt, com.microsoft.Attention 4x4, no, 6
            fusion-tools__gpt2_attention_no_past_opt, com.microsoft.Attention 4x16, no, 6
            fusion-tools__gpt2_attention_opt_skiplayernorm, com.microsoft.Attention 4x16, no, 6
            fusion-tools__pruned_attention_opt, com.microsoft.Attention 2x4, no, 6
            fusion-tools__whisper__hf_fp16_decoder_attention_no_past, com.microsoft.Attention 2x5 + cross MultiHeadAttention 2x5, yes, 2
            fusion-tools__whisper__hf_fp16_decoder_attention_with_past_split_bias, MultiHeadAttention 2x5 + cross MultiHeadAttention 2x5, yes, 2
            fusion-tools__whisper__hf_fp32_encoder_self_attention, com.microsoft.Attention 2x5, yes, 6
            fusion-tools__whisper__oai_fp16_decoder_attention_no_past, com.microsoft.Attention 2x5 + cross MultiHeadAttention 2x5, yes, 2
            fusion-tools__whisper__oai_fp16_decoder_attention_no_past_split_bias, com.microsoft.Attention 2x5 + cross MultiHeadAttention 2x5, yes, 2
            fusion-tools__whisper__oai_fp16_decoder_attention_with_past, MultiHeadAttention 2x5 + cross MultiHeadAttention 2x5, yes, 2
            fusion-tools__whisper__oai_fp16_encoder_self_attention, com.microsoft.Attention 2x5, yes, 2
            fusion-tools__whisper__oai_fp32_decoder_attention_with_past, MultiHeadAttention 2x5 + cross MultiHeadAttention 2x5, yes, 6
            fusion-tools__whisper__oai_fp32_encoder_self_attention, com.microsoft.Attention 2x5, yes, 6
            testdata__attention_mask1d_fp16, eager 12x64, no, 2
            testdata__attention_mask2d_fp32, eager 12x64, no, 6
            testdata__attention_past_state.u8s8, eager 12x64, no, 6
            testdata__transform__fusion__attention_past_no_unidir, eager 2x2, no, 6
            testdata__transform__fusion__gpt2_one_layer, eager 2x2, no, 6
            """;

    /** Sites that the sizes of made-up inputs do not fit. */
    private static final String UNSEEN =
            """
            onnxruntime__python__tools__microbench__models__attention_fp16, com.microsoft.Attention
            onnxruntime__python__tools__microbench__models__attention_fp32, com.microsoft.Attention
            """;

    private static final String REFUSED =
            """
            # graph; part of the sentence
            fusion-tools__gpt2_megatron_opt_no_skiplayernorm; node GptAttention_0: Its mask attention_mask_int32 has 4 axes, which the runtime has no kernel for on the processor
            fusion-tools__gpt2_megatron_opt_skiplayernorm; node GptAttention_0: Its mask attention_mask_int32 has 4 axes, which the runtime has no kernel for on the processor
            testdata__dmmha_self_attn; its node DecoderMaskedMultiHeadAttention (DecoderMaskedMultiHeadAttention of com.microsoft) attends to a cache, and ONNX Runtime writes behind the end of it at the first token
            testdata__dummy_t5; has no attention: no softmax of a product of queries and keys was found in its graph
            testdata__packed_attention_fp32; an implementation for RestorePadding(1) node with name 'RestorePadding_1'
            testdata__transform__fusion__embed_layer_norm_format5; node att: Its queries have the shape [2, 2, 3, 2]; expected [1, heads, tokens, width]
            testdata__transform__fusion__embed_layer_norm_format5_opset13; node att: Its queries have the shape [2, 2, 3, 2]; expected [1, heads, tokens, width]
            testdata__transform__fusion__layer_norm_t5; has no attention: no softmax of a product of queries and keys was found in its graph
            testdata__transform__model_parallel__bart_self_attention_megatron_basic_test; node softmax: Its mask unsqueeze_cond has the shape [6, 1, 1, 8]; expected one that fits [1, 12, 8, 8]
            testdata__transformers__tiny_gpt2_beamsearch_fp16; node GptAttention_0: It lies inside the body of BeamSearch BeamSearch_gpt2, whose tensors cannot be captured
            testdata__transformers__tiny_gpt2_beamsearch_with_init_decoder_fp16; node GptAttention_0: It lies inside the body of BeamSearch BeamSearch_gpt2, whose tensors cannot be captured
            testdata__transformers__tiny_gpt2_sampling_invalid_min_tokens; node GptAttention_0: It lies inside the body of Sampling Sampling_gpt2, whose tensors cannot be captured
            """;

    @TempDir private Path folder;

    private static Path fixture(String name) {
        return SharedFiles.shared("fixtures/graphs/" + name + ".onnx");
    }

    @ParameterizedTest
    @CsvSource(textBlock = OPENING)
    void aGraphOpensAndItsAttentionIsItsOwn(String name, String sites, String two, int digits)
            throws IOException {
        Path file = two.equals("yes") ? single(fixture(name)) : fixture(name);
        try (OnnxModel model = Models.open(file)) {
            assertThat(model.info().unsupported()).isEmpty();
            assertThat(
                            model.info().sites().stream()
                                    .map(s ->
                                            (s.kind() == SiteKind.CROSS ? "cross " : "")
                                                    + s.form()
                                                    + " "
                                                    + s.heads()
                                                    + "x"
                                                    + s.headDim())
                                    .collect(Collectors.joining(" + ")))
                    .isEqualTo(sites);
            assertThat(model.check(8).maxAbsProbabilityDiff()).isLessThan(Math.pow(10, -digits));
        }
    }

    /** The model for one input at a time. */
    private Path single(Path fixture) throws IOException {
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(fixture));
        GraphProto.Builder graph = model.getGraph().toBuilder().clearValueInfo();
        for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
            var shape = input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
            shape.setDim(0, shape.getDim(0).toBuilder().setDimValue(1));
        }
        for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
            output.getTypeBuilder().getTensorTypeBuilder().clearShape();
        }
        return Files.write(
                folder.resolve("one.onnx"),
                model.toBuilder().setGraph(graph).build().toByteArray());
    }

    @ParameterizedTest
    @CsvSource(textBlock = UNSEEN)
    void aGraphWhoseInputsCannotBeMadeUpOpensUnseen(String name, String form) {
        try (OnnxModel model = Models.open(fixture(name))) {
            assertThat(model.info().sites()).hasSize(1);
            assertThat(model.info().sites().getFirst().form()).isEqualTo(form);
            assertThat(model.info().sites().getFirst().heads()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = REFUSED, delimiter = ';')
    void aGraphIsRefusedByNameAndReason(String name, String reason) {
        Path file = fixture(name);
        assertThatThrownBy(() -> Models.open(file).close())
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(reason);
    }

    /**
     * gpt2_past: the eager graph of twelve layers, which takes one token a run and a past of one or
     * more.
     */
    @Test
    void aGraphOfTwelveLayersOpens() {
        try (OnnxModel model = Models.open(fixture("fusion-tools__gpt2_past"))) {
            assertThat(model.info().sites()).hasSize(12).allMatch(ModelInfo.Site::causal);
            assertThat(model.info().unsupported()).isEmpty();
        }
    }

    @Test
    void everyGraphOfTheFolderIsInOneOfTheLists() throws IOException {
        Path root = SharedFiles.shared("fixtures/graphs");
        TreeSet<String> listed =
                Stream.of(OPENING, UNSEEN, REFUSED)
                        .flatMap(String::lines)
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split("[,;]", 2)[0])
                        .collect(Collectors.toCollection(TreeSet::new));
        listed.add("fusion-tools__gpt2_past");
        try (Stream<Path> files = Files.list(root)) {
            assertThat(
                            files.map(f -> f.getFileName().toString())
                                    .filter(f -> f.endsWith(".onnx"))
                                    .map(f -> f.substring(0, f.length() - ".onnx".length()))
                                    .toList())
                    .containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    void aDecoderWithItsPastInAttentionRunsInChunks() {
        Path file = SharedFiles.shared("fixtures/genai/tiny-random-gpt2-fp32");
        try (OnnxModel model = Models.open(file)) {
            assertThat(model.info().sites()).hasSize(5);
            assertThat(model.info().sites())
                    .allMatch(s -> s.form().equals("com.microsoft.Attention") && s.causal());
            assertThat(model.info().vocabulary()).isEqualTo(1000);
            assertThat(model.need(100).feeding()).isEqualTo(MemoryNeed.Feeding.CHUNKS);
            assertThat(model.check(16).maxAbsProbabilityDiff()).isLessThan(1e-6);
        }
    }
}
