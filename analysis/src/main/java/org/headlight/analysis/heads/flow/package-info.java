/** Attention through the layers: rollout and flow (Abnar and Zuidema, arXiv 2005.00928). */
@NullMarked
package org.headlight.analysis.heads.flow;

import org.jspecify.annotations.NullMarked;
