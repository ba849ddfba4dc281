package org.headlight.analysis.retrieval;

/**
 * One token that a head copied: the step that wrote it, and where in the needle the head looked.
 *
 * @param step of the response, from 0; the row of the map is that of the token before it
 * @param position of the key that was looked at, where the same token stands
 * @param id the token
 * @param weight the head's attention there
 */
public record Copy(int step, int position, int id, double weight) {}
