/** What documents lose without the heads that retrieve, in the window and as JSON. */
@NullMarked
package org.headlight.app.influence;

import org.jspecify.annotations.NullMarked;
