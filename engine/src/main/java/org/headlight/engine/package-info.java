/** The engine: models, attention, captures, kernels. No toolkit, no analysis, no pictures. */
@NullMarked
package org.headlight.engine;

import org.jspecify.annotations.NullMarked;
