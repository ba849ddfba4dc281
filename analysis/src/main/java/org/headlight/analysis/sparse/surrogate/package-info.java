/**
 * What can be shown of methods whose trained parts a model does not have: each stands in for one of
 * them, and says what is missing.
 */
@NullMarked
package org.headlight.analysis.sparse.surrogate;

import org.jspecify.annotations.NullMarked;
