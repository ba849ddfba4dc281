/** How charts look here: colours and fonts of the window, plain axes, our own numbers. */
@NullMarked
package org.headlight.viz.chart;

import org.jspecify.annotations.NullMarked;
