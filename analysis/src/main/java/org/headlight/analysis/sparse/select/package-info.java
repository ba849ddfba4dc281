/** What many policies share: pooled blocks, softmax of a few rows, covers, best-of lists. */
@NullMarked
package org.headlight.analysis.sparse.select;

import org.jspecify.annotations.NullMarked;
