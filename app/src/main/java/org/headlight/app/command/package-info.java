/** Keys, view states and their history, and the command line that redraws a view. */
@NullMarked
package org.headlight.app.command;

import org.jspecify.annotations.NullMarked;
