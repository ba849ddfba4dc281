/** Reading and editing ONNX graphs without ever parsing their weights. */
@NullMarked
package org.headlight.engine.onnx;

import org.jspecify.annotations.NullMarked;
