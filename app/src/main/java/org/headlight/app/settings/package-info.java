/** What is remembered between two launches. */
@NullMarked
package org.headlight.app.settings;

import org.jspecify.annotations.NullMarked;
