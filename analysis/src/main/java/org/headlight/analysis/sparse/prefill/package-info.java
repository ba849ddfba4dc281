/** Policies of the prefill that leave every key at its own position. */
@NullMarked
package org.headlight.analysis.sparse.prefill;

import org.jspecify.annotations.NullMarked;
