/** The one typed catalogue of everything that Headlight ships beside its code. */
@NullMarked
package org.headlight.assets;

import org.jspecify.annotations.NullMarked;
