/** Opening a model, a capture or a dump. */
@NullMarked
package org.headlight.app.open;

import org.jspecify.annotations.NullMarked;
