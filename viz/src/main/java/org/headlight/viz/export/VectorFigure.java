package org.headlight.viz.export;

import java.awt.Color;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A finished figure of lines, areas and outlined letters, and what it says about itself.
 *
 * @param width in pixels of 1/96 inch
 * @param height likewise
 * @param page its background
 * @param marks what is on it, the lowest first
 * @param metadata named facts, in order
 * @param altText one sentence for those who cannot see it
 */
record VectorFigure(
        double width,
        double height,
        Color page,
        List<VectorMark> marks,
        Map<String, String> metadata,
        String altText) {
    VectorFigure {
        marks = List.copyOf(marks);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
