/** The sinks reading: where the sinks are, calibrating them away, evicting them. */
@NullMarked
package org.headlight.app.sinks;

import org.jspecify.annotations.NullMarked;
