/** The tokens of the text as a strip of chips, linked with the map. */
@NullMarked
package org.headlight.viz.control.strip;

import org.jspecify.annotations.NullMarked;
