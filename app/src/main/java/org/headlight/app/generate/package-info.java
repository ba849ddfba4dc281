/** Letting the model write, token by token, and looking at each of its steps. */
@NullMarked
package org.headlight.app.generate;

import org.jspecify.annotations.NullMarked;
