/** What one run of a model leaves behind: queries, keys, values, masks and tokens per site. */
@NullMarked
package org.headlight.engine.capture;

import org.jspecify.annotations.NullMarked;
