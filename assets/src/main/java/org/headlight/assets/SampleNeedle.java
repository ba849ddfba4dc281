package org.headlight.assets;

/**
 * A fact to be hidden in a long text and asked for at its end. Written for Headlight.
 *
 * @param name short name
 * @param text the sentence that is hidden
 * @param question what is asked
 * @param answer the part of the sentence that answers it
 * @param prompt what the model reads, with {@code {context}} and {@code {question}} in it
 */
public record SampleNeedle(
        String name, String text, String question, String answer, String prompt) {}
