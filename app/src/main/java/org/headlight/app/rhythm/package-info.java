/** The rhythm of a response, in the window and as JSON. */
@NullMarked
package org.headlight.app.rhythm;

import org.jspecify.annotations.NullMarked;
