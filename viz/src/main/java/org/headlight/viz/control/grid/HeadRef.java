package org.headlight.viz.control.grid;

/**
 * One head of one site.
 *
 * @param site index of the site in the capture (and of the row in the grid)
 * @param head zero-based head
 */
public record HeadRef(int site, int head) {}
