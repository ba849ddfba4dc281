package org.headlight.app.explore;

import java.util.List;

/**
 * What the background found out about a head.
 *
 * @param statistics for the inspector
 * @param received0 mean probability that goes to the first key: the number below the thumbnail
 */
public record HeadReport(List<Statistic> statistics, double received0) {}
