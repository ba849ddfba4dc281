package org.headlight.engine.dump;

import java.util.Map;

/**
 * What a container file holds.
 *
 * @param tensors by name, in the order of the file
 * @param foreign name to element type of the arrays whose type is not read here (integers of odd
 *     widths, strings ...); they only matter when a dump needs one of them
 * @param metadata free text that the writer left; empty for NumPy files
 * @param bytes bytes mapped or held off-heap
 */
record TensorFile(
        Map<String, Tensor> tensors,
        Map<String, String> foreign,
        Map<String, String> metadata,
        long bytes) {}
