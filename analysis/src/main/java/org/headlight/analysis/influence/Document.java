package org.headlight.analysis.influence;

/**
 * A document of a corpus.
 *
 * @param id its own, or where it stands, such as "line 3"
 * @param domain what it is compared within; empty when the corpus does not say
 * @param text the text
 */
public record Document(String id, String domain, String text) {}
