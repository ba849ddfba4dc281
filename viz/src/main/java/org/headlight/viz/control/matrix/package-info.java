/** A small matrix of numbers, such as a score for every layer and head. */
@NullMarked
package org.headlight.viz.control.matrix;

import org.jspecify.annotations.NullMarked;
