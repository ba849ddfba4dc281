package org.headlight.engine.attention;

/**
 * A place that looks like attention but whose form is not understood; reported, never guessed.
 *
 * @param node name of the node
 * @param reason one sentence: what was met and what was expected
 */
public record UnsupportedSite(String node, String reason) {}
