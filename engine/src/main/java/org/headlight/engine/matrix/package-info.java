/** Read-only matrices over memory that may be larger than an array. */
@NullMarked
package org.headlight.engine.matrix;

import org.jspecify.annotations.NullMarked;
