package org.headlight.app.explore;

/**
 * One number about a head.
 *
 * @param name what it is called
 * @param value the number as it is shown, with its unit
 * @param meaning what it says, one sentence for a tooltip
 */
public record Statistic(String name, String value, String meaning) {}
