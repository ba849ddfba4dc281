/** Layers by heads as thumbnails, to choose from. */
@NullMarked
package org.headlight.viz.control.grid;

import org.jspecify.annotations.NullMarked;
