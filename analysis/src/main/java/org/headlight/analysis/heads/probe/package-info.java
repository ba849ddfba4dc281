/** Texts of random tokens that repeat, and what heads do on them. */
@NullMarked
package org.headlight.analysis.heads.probe;

import org.jspecify.annotations.NullMarked;
