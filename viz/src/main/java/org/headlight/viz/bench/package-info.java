/** Timings of maps, for the benchmark table. */
@NullMarked
package org.headlight.viz.bench;

import org.jspecify.annotations.NullMarked;
