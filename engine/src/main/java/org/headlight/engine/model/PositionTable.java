package org.headlight.engine.model;

import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;

import java.util.Set;
import java.util.regex.Pattern;

/** Finds the table of learned positions of a model: a text cannot be longer than it. */
final class PositionTable {
    private static final Pattern NAME =
            Pattern.compile(
                    "(.*[./_])?(position_embeddings?|embed_positions|wpe|pos_embed(dings?)?)"
                            + "([./_]weight)?");

    /** Model types whose first two rows are for padding. */
    private static final Set<String> TWO_MORE_ROWS =
            Set.of("roberta", "xlm-roberta", "camembert", "opt", "bart", "mbart", "xlm");

    private PositionTable() {}

    /** The longest text; 0 when there is no such table. */
    static int limit(ModelSkeleton skeleton, String modelType) {
        for (TensorProto tensor : skeleton.model().getGraph().getInitializerList()) {
            if (tensor.getDimsCount() == 2
                    && tensor.getDims(0) > 2
                    && NAME.matcher(tensor.getName()).matches()) {
                long rows = tensor.getDims(0) - (TWO_MORE_ROWS.contains(modelType) ? 2 : 0);
                return (int) Math.min(rows, Integer.MAX_VALUE);
            }
        }
        return 0;
    }
}
