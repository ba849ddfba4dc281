/** Runs a model with sparse attention and measures what that keeps, loses and saves. */
@NullMarked
package org.headlight.analysis.sparse.run;

import org.jspecify.annotations.NullMarked;
