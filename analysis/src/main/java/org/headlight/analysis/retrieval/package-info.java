/**
 * Retrieval heads (Wu et al. 2024, arXiv 2404.15574): needle-in-a-haystack trials, the score of
 * each head, and the causal check.
 */
@NullMarked
package org.headlight.analysis.retrieval;

import org.jspecify.annotations.NullMarked;
