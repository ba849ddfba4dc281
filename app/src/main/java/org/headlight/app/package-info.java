/** The Headlight workbench. */
@NullMarked
package org.headlight.app;

import org.jspecify.annotations.NullMarked;
