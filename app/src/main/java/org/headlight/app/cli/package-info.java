/** The command line: one class a command, each with its table for people and its JSON. */
@NullMarked
package org.headlight.app.cli;

import org.jspecify.annotations.NullMarked;
