/** Writing what is seen to a file. */
@NullMarked
package org.headlight.app.export;

import org.jspecify.annotations.NullMarked;
