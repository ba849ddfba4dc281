package org.headlight.engine.model;

import org.headlight.engine.onnx.ModelSkeleton;

/** The output that a model is run for: its logits where it has some, otherwise its first one. */
final class MainOutput {
    private static final String LOGITS = "logits";

    private MainOutput() {}

    /** Its name. */
    static String of(ModelSkeleton graph) {
        return graph.graphOutputs().stream()
                .filter(output -> output.name().equals(LOGITS))
                .findFirst()
                .orElse(graph.graphOutputs().getFirst())
                .name();
    }
}
