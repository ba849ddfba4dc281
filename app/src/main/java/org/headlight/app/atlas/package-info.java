/** The atlas of heads: what each head of a model is. */
@NullMarked
package org.headlight.app.atlas;

import org.jspecify.annotations.NullMarked;
