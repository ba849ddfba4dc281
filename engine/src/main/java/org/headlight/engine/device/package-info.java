/** Where models run: the processor or a CUDA device, what is there of it, and what is missing. */
@NullMarked
package org.headlight.engine.device;

import org.jspecify.annotations.NullMarked;
