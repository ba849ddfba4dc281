/**
 * Whole attention by our own kernels: the output and the log-sum-exp of every query of every head,
 * over all keys or over a chosen part of them, without ever holding an N x M matrix. {@link
 * org.headlight.engine.attend.Attention} is the entry.
 */
@NullMarked
package org.headlight.engine.attend;

import org.jspecify.annotations.NullMarked;
