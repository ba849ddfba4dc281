/** The text, or the token ids, that is run. */
@NullMarked
package org.headlight.app.input;

import org.jspecify.annotations.NullMarked;
