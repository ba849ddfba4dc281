package org.headlight.analysis.retrieval;

/** A trial with its place in the grid and its recall. */
public sealed interface Judged permits Trial, MaskedTrial {

    /** The needle's name. */
    String needle();

    /** Tokens of the prompt, as asked for. */
    int length();

    /** Percent of the haystack. */
    double depth();

    /** The text of the response. */
    String text();

    /** ROUGE-1 recall of the answer in the response. */
    double recall();
}
