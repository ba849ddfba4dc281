/** Several analyses of every head of a capture on one sweep a head. */
@NullMarked
package org.headlight.analysis.survey;

import org.jspecify.annotations.NullMarked;
