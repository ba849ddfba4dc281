package org.headlight.viz.export;

import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A finished picture and what it says about itself.
 *
 * @param image opaque RGB
 * @param metadata named facts, in order; "command" makes the same figure again
 * @param altText one sentence for those who cannot see it
 */
public record Figure(BufferedImage image, Map<String, String> metadata, String altText) {
    public Figure {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
