/** Which sparse pattern a head's map has, as MInference (arXiv 2407.02490) searches it. */
@NullMarked
package org.headlight.analysis.heads.pattern;

import org.jspecify.annotations.NullMarked;
