/**
 * Readings: what the rail at the left edge switches. The map and the head grid stay; a reading
 * brings what lies under the map and what stands in the inspector's place.
 */
@NullMarked
package org.headlight.app.reading;

import org.jspecify.annotations.NullMarked;
