/** The one walk over all heads of a capture, for analyses that go along on it. */
@NullMarked
package org.headlight.analysis.survey;

import org.jspecify.annotations.NullMarked;
