/** Work in the background: one request per lane, the newest wins. */
@NullMarked
package org.headlight.app.task;

import org.jspecify.annotations.NullMarked;
