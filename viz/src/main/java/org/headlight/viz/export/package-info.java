/**
 * Figures: axes, colour bar, caption; PNG with metadata, NPY, CSV. The same renderer with and
 * without a display.
 */
@NullMarked
package org.headlight.viz.export;

import org.jspecify.annotations.NullMarked;
