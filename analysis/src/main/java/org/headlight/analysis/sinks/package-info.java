/** Attention sinks: where they are, calibrating them away, and evicting them. */
@NullMarked
package org.headlight.analysis.sinks;

import org.jspecify.annotations.NullMarked;
