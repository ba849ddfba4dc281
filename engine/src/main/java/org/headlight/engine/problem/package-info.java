/** What can go wrong for a user: bad input, too large, cancelled; each with one clear sentence. */
@NullMarked
package org.headlight.engine.problem;

import org.jspecify.annotations.NullMarked;
