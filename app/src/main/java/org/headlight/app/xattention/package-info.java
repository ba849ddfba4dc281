/** The reading of antidiagonal block scores: XAttention on the heads of a capture. */
@NullMarked
package org.headlight.app.xattention;

import org.jspecify.annotations.NullMarked;
