/** The window: its frame, its wiring and its launch. */
@NullMarked
package org.headlight.app.workbench;

import org.jspecify.annotations.NullMarked;
