/**
 * The rhythm of a response: where it plans and what it leans on ("Attention Illuminates LLM
 * Reasoning: The Preplan-and-Anchor Rhythm Enables Fine-Grained Policy Optimization", arXiv
 * 2510.13554), with the receiver heads of "Thought Anchors" (arXiv 2506.19143).
 */
@NullMarked
package org.headlight.analysis.rhythm;

import org.jspecify.annotations.NullMarked;
