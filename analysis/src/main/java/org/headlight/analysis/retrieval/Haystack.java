package org.headlight.analysis.retrieval;

import org.headlight.engine.problem.BadInputException;

/**
 * The text in which needles are hidden; repeated where it is too short.
 *
 * @param name for people: a title, or the name of a file
 */
public record Haystack(String name, String text) {

    /**
     * Checks that there is text.
     *
     * @throws BadInputException when there is none
     */
    public Haystack {
        text = text.strip();
        if (text.isEmpty()) {
            throw new BadInputException(
                    "The haystack " + name + " has no text; give some pages of prose.");
        }
    }
}
