/** Maps of any size as tiles and pyramids, colours, painting into int[]. No toolkit. */
@NullMarked
package org.headlight.viz.raster;

import org.jspecify.annotations.NullMarked;
