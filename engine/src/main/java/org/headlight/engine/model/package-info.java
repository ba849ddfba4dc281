/** Opening a model, running it, and capturing its attention. */
@NullMarked
package org.headlight.engine.model;

import org.jspecify.annotations.NullMarked;
