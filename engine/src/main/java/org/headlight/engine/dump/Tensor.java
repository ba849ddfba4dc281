package org.headlight.engine.dump;

import org.headlight.engine.matrix.Matrix;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A named array inside a file that is mapped, or inside memory that was inflated from one.
 *
 * @param name its name in the file; for a single array, the empty string
 * @param shape dimensions, outermost first
 * @param data exactly the bytes of the array
 * @param columnMajor whether the first dimension is the one that varies fastest (Fortran order)
 */
record Tensor(
        String name, ElementType type, List<Long> shape, MemorySegment data, boolean columnMajor) {

    int rank() {
        return shape.size();
    }

    int dim(int axis) {
        return Math.toIntExact(shape.get(axis));
    }

    long elements() {
        long count = 1;
        for (long n : shape) {
            count *= n;
        }
        return count;
    }

    /** {@code [4, 64, 64]}. */
    String shapeText() {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    /** {@code "layers.0.attn" }, or {@code the array} when the file holds only one. */
    String label() {
        return name.isEmpty() ? "the array" : "\"" + name + "\"";
    }

    /** Distance between neighbours along an axis, in elements. */
    private long stride(int axis) {
        long stride = 1;
        if (columnMajor) {
            for (int a = 0; a < axis; a++) {
                stride *= shape.get(a);
            }
        } else {
            for (int a = axis + 1; a < rank(); a++) {
                stride *= shape.get(a);
            }
        }
        return stride;
    }

    /** The matrix of the last two dimensions at the given position of the dimensions before. */
    Matrix matrix(int... leading) {
        if (leading.length != rank() - 2) {
            throw new IllegalArgumentException(leading.length + " indices for " + shapeText());
        }
        long start = 0;
        for (int axis = 0; axis < leading.length; axis++) {
            start += leading[axis] * stride(axis);
        }
        return new TensorMatrix(
                this,
                start,
                dim(rank() - 2),
                dim(rank() - 1),
                stride(rank() - 2),
                stride(rank() - 1));
    }

    float floatAt(long element) {
        return type.floatAt(data, element * type.bytes());
    }

    long longAt(long element) {
        return type.longAt(data, element * type.bytes());
    }
}
