/** Retrieval heads: the needles of a user, the trials on the disk, and the pane. */
@NullMarked
package org.headlight.app.retrieval;

import org.jspecify.annotations.NullMarked;
