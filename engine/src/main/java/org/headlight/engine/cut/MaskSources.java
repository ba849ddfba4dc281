package org.headlight.engine.cut;

import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.ElementType;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the values of a mask depend on. Where that is nothing but the number of tokens, a rule that
 * it follows at some lengths holds at all of them, up to the first number in its making that could
 * begin to matter.
 *
 * @param inputs inputs of the graph whose values it reads; those of which it only takes the size do
 *     not count
 * @param numbers whole numbers from 2 to {@link #LARGEST} that take part, such as the width of a
 *     window or the size of a stored triangle
 * @param closed whether everything that takes part was seen
 */
public record MaskSources(Set<String> inputs, Set<Integer> numbers, boolean closed) {
    /** Larger numbers stand for "no limit". */
    public static final int LARGEST = 10_000_000;

    private static final Set<String> SIZES = Set.of("Shape", "Size");

    /** What early exports add to masked scores. */
    private static final double CLASSIC_FILL = 10_000;

    public MaskSources {
        inputs = Set.copyOf(inputs);
        numbers = Set.copyOf(numbers);
    }

    /** Follows a tensor back to inputs and constants. */
    public static MaskSources of(GraphIndex index, String tensor) {
        Set<String> inputs = new HashSet<>();
        Set<Integer> numbers = new TreeSet<>();
        boolean closed = true;
        Deque<String> open = new ArrayDeque<>(Set.of(tensor));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            String at = open.remove();
            TensorProto constant = index.constant(at);
            if (constant != null) {
                count(constant, index.values(at), numbers);
                continue;
            }
            NodeProto node = index.producer(at);
            if (node == null) {
                inputs.add(at);
                continue;
            }
            closed &= Attributes.graphs(node).findAny().isEmpty();
            if (!SIZES.contains(node.getOpType())) {
                GraphIndex.reads(node).stream().filter(seen::add).forEach(open::add);
            }
            node.getAttributeList().forEach(a -> a.getIntsList().forEach(i -> add(i, numbers)));
        }
        return new MaskSources(inputs, numbers, closed);
    }

    private static void count(
            TensorProto constant, double @Nullable [] values, Set<Integer> numbers) {
        constant.getDimsList().forEach(dim -> add(dim, numbers));
        boolean whole =
                switch (ElementType.of(constant.getDataType())) {
                    case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> true;
                    default -> false;
                };
        if (values == null) {
            return;
        }
        for (double value : values) {
            if (whole || (value > 0 && value != CLASSIC_FILL)) {
                add(value, numbers);
            }
        }
    }

    private static void add(double value, Set<Integer> numbers) {
        double size = Math.ceil(Math.abs(value));
        if (size >= 2 && size <= LARGEST) {
            numbers.add((int) size);
        }
    }
}
