/** The colour bar: what the colours mean, in numbers. */
@NullMarked
package org.headlight.viz.control.bar;

import org.jspecify.annotations.NullMarked;
