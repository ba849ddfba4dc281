/**
 * The graph cut at its attention sites, and what happens between the pieces: which nodes run before
 * and after each site, attention by our own kernels, and hooks that change what a head gives.
 */
@NullMarked
package org.headlight.engine.cut;

import org.jspecify.annotations.NullMarked;
