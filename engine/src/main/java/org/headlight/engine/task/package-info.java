/** Progress and cancellation of long work. */
@NullMarked
package org.headlight.engine.task;

import org.jspecify.annotations.NullMarked;
