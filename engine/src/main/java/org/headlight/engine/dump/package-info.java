/** Capture files and dumps made elsewhere: safetensors, NPY, NPZ. */
@NullMarked
package org.headlight.engine.dump;

import org.jspecify.annotations.NullMarked;
