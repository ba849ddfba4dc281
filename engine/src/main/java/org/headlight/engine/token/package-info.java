/** Text to tokens and back. */
@NullMarked
package org.headlight.engine.token;

import org.jspecify.annotations.NullMarked;
