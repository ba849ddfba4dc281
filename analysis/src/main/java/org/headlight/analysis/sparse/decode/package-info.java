/**
 * Sparse attention while the response is written: each new token attends to some of the keys before
 * it, which keep their own positions. What a policy carries from token to token is computed step by
 * step and never looks at later tokens.
 */
@NullMarked
package org.headlight.analysis.sparse.decode;

import org.jspecify.annotations.NullMarked;
