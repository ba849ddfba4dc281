/** JavaFX controls: heatmap, head grid, token strip, colour bar. */
@NullMarked
package org.headlight.viz.control;

import org.jspecify.annotations.NullMarked;
