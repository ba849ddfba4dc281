package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds keys and values before they were repeated for the query heads of a group (Unsqueeze,
 * Expand, Reshape), so that one copy of each KV head is captured.
 */
final class HeadGroups {
    private static final int MAX_STEPS = 12;

    /** The axis that [B, KV, M, D] is repeated along, so that heads of a group stay neighbours. */
    private static final int GROUP_AXIS = 2;

    private static final int GROUPED_RANK = 5;

    private final GraphIndex index;
    private final Scalars scalars;

    HeadGroups(GraphIndex index) {
        this.index = index;
        this.scalars = new Scalars(index);
    }

    /**
     * A tensor before it was repeated.
     *
     * @param tensor [B, KV, M, D], or transposed
     * @param layout how it is laid out
     * @param scale factors met between it and the product
     */
    record Shared(String tensor, KeyLayout layout, List<ScaleFactor> scale) {}

    /** The tensor that {@code tensor} repeats; empty when it repeats none. */
    Optional<Shared> before(String tensor, KeyLayout layout) {
        List<ScaleFactor> scale = new ArrayList<>();
        KeyLayout now = layout;
        String at = tensor;
        boolean reshaped = false;
        for (int step = 0; step < MAX_STEPS; step++) {
            NodeProto node = index.producer(at);
            if (node == null || node.getInputCount() == 0) {
                return Optional.empty();
            }
            switch (node.getOpType()) {
                case "Identity" -> at = node.getInput(0);
                case "Reshape" -> {
                    reshaped = true;
                    at = node.getInput(0);
                }
                case "Transpose" -> {
                    if (!swapsLastTwo(node)) {
                        return Optional.empty();
                    }
                    now = now == KeyLayout.ROWS ? KeyLayout.TRANSPOSED : KeyLayout.ROWS;
                    at = node.getInput(0);
                }
                case "Mul", "Div" -> {
                    Optional<ScaleFactor> factor =
                            scalars.factor(node.getInput(1), node.getOpType().equals("Div"));
                    if (factor.isEmpty()) {
                        return Optional.empty();
                    }
                    scale.add(factor.get());
                    at = node.getInput(0);
                }
                case "Expand" -> {
                    String shared = reshaped ? ungrouped(node.getInput(0)) : null;
                    return shared == null
                            ? Optional.empty()
                            : Optional.of(new Shared(shared, now, List.copyOf(scale)));
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** The keys before they were transposed for the product; they are what a cache holds. */
    Optional<String> rows(String transposed) {
        NodeProto node = index.producer(transposed);
        return node != null && node.getOpType().equals("Transpose") && swapsLastTwo(node)
                ? Optional.of(node.getInput(0))
                : Optional.empty();
    }

    private @Nullable String ungrouped(String grouped) {
        NodeProto node = index.producer(grouped);
        if (node == null || node.getInputCount() == 0) {
            return null;
        }
        boolean unsqueezed =
                node.getOpType().equals("Unsqueeze") && isGroupAxis(unsqueezeAxes(node));
        boolean viewed =
                node.getOpType().equals("Reshape")
                        && node.getInputCount() > 1
                        && makesGroupAxis(node.getInput(1));
        return unsqueezed || viewed ? node.getInput(0) : null;
    }

    private List<Long> unsqueezeAxes(NodeProto node) {
        if (node.getInputCount() < 2) {
            return Attributes.of(node).integers("axes");
        }
        double[] axes = index.values(node.getInput(1));
        return axes == null || axes.length != 1 ? List.of() : List.of((long) axes[0]);
    }

    private static boolean isGroupAxis(List<Long> axes) {
        return axes.equals(List.of((long) GROUP_AXIS))
                || axes.equals(List.of((long) GROUP_AXIS - GROUPED_RANK));
    }

    /** Whether a target shape is [B, KV, 1, M, D]. */
    private boolean makesGroupAxis(String shape) {
        double[] dims = index.values(shape);
        if (dims != null) {
            return dims.length == GROUPED_RANK && dims[GROUP_AXIS] == 1;
        }
        NodeProto concat = index.producer(shape);
        return concat != null
                && concat.getOpType().equals("Concat")
                && concat.getInputCount() == GROUPED_RANK
                && index.scalar(concat.getInput(GROUP_AXIS)).orElse(0) == 1;
    }

    private static boolean swapsLastTwo(NodeProto transpose) {
        List<Long> perm = Attributes.of(transpose).integers("perm");
        int rank = perm.size();
        if (rank < 3) {
            return false;
        }
        for (int i = 0; i < rank - 2; i++) {
            if (perm.get(i) != i) {
                return false;
            }
        }
        return perm.get(rank - 2) == rank - 1 && perm.get(rank - 1) == rank - 2;
    }
}
