/** The heatmap: one attention map at any magnification, with rulers, crosshair and card. */
@NullMarked
package org.headlight.viz.control.map;

import org.jspecify.annotations.NullMarked;
