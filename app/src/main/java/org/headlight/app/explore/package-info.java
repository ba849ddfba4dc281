/** Heads, map, tokens and readings of one capture. */
@NullMarked
package org.headlight.app.explore;

import org.jspecify.annotations.NullMarked;
