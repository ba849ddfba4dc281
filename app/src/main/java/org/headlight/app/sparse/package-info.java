/** Sparse runs: their results as documents, tables and warnings, and the pane that shows them. */
@NullMarked
package org.headlight.app.sparse;

import org.jspecify.annotations.NullMarked;
