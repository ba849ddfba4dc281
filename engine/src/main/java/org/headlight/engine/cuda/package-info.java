/**
 * Attention on an NVIDIA GPU by our own kernels, which are compiled when they are first needed, and
 * the few calls of the CUDA driver and its compiler that this takes.
 */
@NullMarked
package org.headlight.engine.cuda;

import org.jspecify.annotations.NullMarked;
