/**
 * XAttention (Xu et al. 2025, arXiv 2503.16428): blocks of a map are scored by sums along
 * antidiagonals of strided scores, and the blocks with most of the score are attended to. Here the
 * scores, the choice of blocks, and how good it is against the true map.
 */
@NullMarked
package org.headlight.analysis.antidiagonal;

import org.jspecify.annotations.NullMarked;
