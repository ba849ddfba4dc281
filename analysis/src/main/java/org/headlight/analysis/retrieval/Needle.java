package org.headlight.analysis.retrieval;

import org.headlight.engine.problem.BadInputException;

/**
 * A fact that is hidden in a haystack and asked for at its end.
 *
 * @param name short name
 * @param text what is hidden
 * @param question what is asked
 * @param answer the part of the needle that answers it; responses are held against it
 * @param prompt what the model reads: {@link #CONTEXT} stands for the haystack with the needle in
 *     it, {@link #QUESTION} for the question
 */
public record Needle(String name, String text, String question, String answer, String prompt) {
    /** Where the haystack goes in a prompt. */
    public static final String CONTEXT = "{context}";

    /** Where the question goes in a prompt. */
    public static final String QUESTION = "{question}";

    /** The prompt of the paper's code, without the markers of chat models. */
    public static final String DEFAULT_PROMPT =
            CONTEXT + "\n\nBased on the content of the book, Question: " + QUESTION + "\nAnswer:";

    /**
     * Checks that it can be asked and answered.
     *
     * @throws BadInputException when a part is empty, the prompt lacks one of its places, or the
     *     answer has no words that ROUGE counts
     */
    public Needle {
        text = text.strip();
        part(name, "text", text);
        part(name, "question", question);
        part(name, "answer", answer);
        for (String place : new String[] {CONTEXT, QUESTION}) {
            int at = prompt.indexOf(place);
            if (at < 0 || prompt.indexOf(place, at + 1) >= 0) {
                throw new BadInputException(
                        "The prompt of the needle \""
                                + name
                                + "\" is to have "
                                + place
                                + " in it once; write it where that belongs.");
            }
        }
        if (prompt.indexOf(QUESTION) < prompt.indexOf(CONTEXT)) {
            throw new BadInputException(
                    "The prompt of the needle \""
                            + name
                            + "\" has the question before the context; put "
                            + QUESTION
                            + " after "
                            + CONTEXT
                            + ", because scores are taken from what follows it.");
        }
        if (Rouge1.words(answer).isEmpty()) {
            throw new BadInputException(
                    "The answer of the needle \""
                            + name
                            + "\" has no words of the letters a to z or digits, which is what"
                            + " ROUGE-1 counts; write one that has.");
        }
    }

    private static void part(String name, String part, String value) {
        if (value.isBlank()) {
            throw new BadInputException(
                    "The needle \"" + name + "\" has no " + part + "; write one.");
        }
    }
}
