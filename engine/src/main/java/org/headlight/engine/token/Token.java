package org.headlight.engine.token;

/**
 * One token of an input.
 *
 * @param position zero-based position in the input
 * @param id its id in the vocabulary; -1 when unknown (a dump without ids, an audio frame)
 * @param text what it stands for, as plain text with real spaces and newlines; bytes that are not
 *     text on their own are escaped as {@code <0xE2>}
 * @param special whether it is a special token such as {@code <s>}
 */
public record Token(int position, int id, String text, boolean special) {}
