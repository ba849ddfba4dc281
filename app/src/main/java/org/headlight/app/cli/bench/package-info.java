/** The measurements of the benchmark document, each in a virtual machine of its own. */
@NullMarked
package org.headlight.app.cli.bench;

import org.jspecify.annotations.NullMarked;
