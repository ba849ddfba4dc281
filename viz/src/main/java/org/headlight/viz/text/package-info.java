/** Tokens as text that shows what they are. No toolkit. */
@NullMarked
package org.headlight.viz.text;

import org.jspecify.annotations.NullMarked;
