package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.onnx.GraphValue;
import org.headlight.engine.onnx.ModelSkeleton;

import java.util.Arrays;
import java.util.Optional;

/**
 * The output that scores the next token.
 *
 * @param output its name
 */
record NextLogits(String output) {
    private static final String USUAL = "logits";

    /**
     * Finds it: floats for each token and each id of the vocabulary, [batch, tokens, V].
     *
     * @param vocabulary V; 0 when unknown
     */
    static Optional<NextLogits> of(ModelSkeleton graph, int vocabulary) {
        return graph.graphOutputs().stream()
                .filter(output -> scores(output, vocabulary))
                .findFirst()
                .map(output -> new NextLogits(output.name()));
    }

    private static boolean scores(GraphValue output, int vocabulary) {
        boolean floats =
                switch (output.type()) {
                    case FLOAT, FLOAT16, BFLOAT16, DOUBLE -> true;
                    case UNDEFINED -> output.name().equals(USUAL);
                    default -> false;
                };
        int rank = output.dims().size();
        if (!floats || (rank != 3 && rank != 0)) {
            return false;
        }
        String last = rank == 0 ? "" : output.dims().getLast();
        boolean width = vocabulary > 0 && last.equals(Integer.toString(vocabulary));
        boolean fixed = !last.isEmpty() && last.chars().allMatch(Character::isDigit);
        return width || (output.name().equals(USUAL) && !fixed);
    }

    /** Those of the last token of a run, [V]. */
    float[] last(OrtSession.Result result) {
        OnnxTensor tensor = RunRecorder.tensor(result, output);
        long[] shape = tensor.getInfo().getShape();
        int width = Math.toIntExact(shape[shape.length - 1]);
        float[] all = TensorValues.floats(output, tensor);
        return all.length == width ? all : Arrays.copyOfRange(all, all.length - width, all.length);
    }
}
