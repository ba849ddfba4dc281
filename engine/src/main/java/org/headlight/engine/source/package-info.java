/** Opens whatever a user points at: a model folder, an .onnx file, a capture, a dump. */
@NullMarked
package org.headlight.engine.source;

import org.jspecify.annotations.NullMarked;
