/**
 * Which documents need the heads that retrieve ("AttentionInfluence: Adopting Attention Head
 * Influence for Weak-to-Strong Pretraining Data Selection", arXiv 2505.07293).
 */
@NullMarked
package org.headlight.analysis.influence;

import org.jspecify.annotations.NullMarked;
