/**
 * Sparse attention: what a policy is, what it may choose from, and what it may honestly claim. The
 * policies themselves are in the packages below, by what they are for.
 */
@NullMarked
package org.headlight.analysis.sparse;

import org.jspecify.annotations.NullMarked;
