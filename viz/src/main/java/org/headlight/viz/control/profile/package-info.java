/** The profile of one row or column of a map, as a chart. */
@NullMarked
package org.headlight.viz.control.profile;

import org.jspecify.annotations.NullMarked;
