/** The row-block sweep: one walk over the map of a head feeds every consumer. */
@NullMarked
package org.headlight.engine.sweep;

import org.jspecify.annotations.NullMarked;
