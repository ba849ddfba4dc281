/** What each head does, in a few numbers. */
@NullMarked
package org.headlight.analysis.heads;

import org.jspecify.annotations.NullMarked;
