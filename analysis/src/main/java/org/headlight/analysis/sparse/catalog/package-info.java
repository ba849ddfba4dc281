/** Every sparse policy, by name. */
@NullMarked
package org.headlight.analysis.sparse.catalog;

import org.jspecify.annotations.NullMarked;
