/** What a model's logits say about the next token. */
@NullMarked
package org.headlight.analysis.logits;

import org.jspecify.annotations.NullMarked;
