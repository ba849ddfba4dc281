/** Attention sites of a graph: what they are and how they are found. */
@NullMarked
package org.headlight.engine.attention;

import org.jspecify.annotations.NullMarked;
