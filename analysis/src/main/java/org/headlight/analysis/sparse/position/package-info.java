/**
 * Rotary positions read off a run, and the policies that give keys and queries other positions than
 * the text gives them.
 */
@NullMarked
package org.headlight.analysis.sparse.position;

import org.jspecify.annotations.NullMarked;
