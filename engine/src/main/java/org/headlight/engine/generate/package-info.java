/** Text that a model writes: token after token, greedy or sampled. */
@NullMarked
package org.headlight.engine.generate;

import org.jspecify.annotations.NullMarked;
