/** How like each other heads are, within the groups that share keys and over the model. */
@NullMarked
package org.headlight.analysis.heads.likeness;

import org.jspecify.annotations.NullMarked;
