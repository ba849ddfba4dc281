/** Greedy decoding of models that run over whole texts only. */
@NullMarked
package org.headlight.analysis.greedy;

import org.jspecify.annotations.NullMarked;
