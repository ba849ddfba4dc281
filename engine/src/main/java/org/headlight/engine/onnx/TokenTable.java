package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

import java.util.Set;

/** Finds the table that token ids are looked up in. */
final class TokenTable {
    private static final Set<String> TOKEN_INPUTS =
            Set.of("input_ids", "decoder_input_ids", "tokens", "input");
    private static final Set<String> LOOKUPS = Set.of("Gather", "GatherBlockQuantized");

    /** Looks tokens up and adds their positions and segments. */
    private static final String EMBEDS = "EmbedLayerNormalization";

    private static final Set<String> PASSING =
            Set.of("Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "DequantizeLinear");
    private static final int MAX_STEPS = 8;

    private final GraphIndex index;

    TokenTable(GraphIndex index) {
        this.index = index;
    }

    /** Its rows; 0 when it was not found. */
    int rows() {
        for (NodeProto node : index.nodes()) {
            boolean embeds = node.getOpType().equals(EMBEDS) && node.getInputCount() > 2;
            boolean looksUp = LOOKUPS.contains(node.getOpType()) && node.getInputCount() >= 2;
            if (!embeds && !looksUp) {
                continue;
            }
            String ids = node.getInput(embeds ? 0 : 1);
            if (TOKEN_INPUTS.contains(source(ids))) {
                TensorProto table = index.constant(source(node.getInput(embeds ? 2 : 0)));
                if (table != null && table.getDimsCount() >= 2 && table.getDims(0) > 1) {
                    return (int) Math.min(table.getDims(0), Integer.MAX_VALUE);
                }
            }
        }
        return 0;
    }

    private String source(String tensor) {
        String at = tensor;
        for (int step = 0; step < MAX_STEPS; step++) {
            @Nullable NodeProto producer = index.producer(at);
            if (producer == null
                    || producer.getInputCount() == 0
                    || !PASSING.contains(producer.getOpType())) {
                return at;
            }
            at = producer.getInput(0);
        }
        return at;
    }
}
