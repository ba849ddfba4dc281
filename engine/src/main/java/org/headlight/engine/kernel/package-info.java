/** Attention kernels on the CPU (Vector API), with a scalar twin as reference and fall-back. */
@NullMarked
package org.headlight.engine.kernel;

import org.jspecify.annotations.NullMarked;
