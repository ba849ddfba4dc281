package org.headlight.app.retrieval;

import org.headlight.analysis.retrieval.Copy;
import org.headlight.analysis.retrieval.HeadCopies;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.engine.cut.HeadAddress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One copy for people.
 *
 * @param row the query in the map of the trial: the token before the one that was written
 * @param token the token as text
 */
record Evidence(HeadAddress head, Copy copy, int row, String token) {

    /** All copies of a trial: step by step, the surest head first. */
    static List<Evidence> of(Trial trial, IntFunction<String> text) {
        List<Evidence> all = new ArrayList<>();
        for (HeadCopies copies : trial.copies()) {
            for (Copy copy : copies.copies()) {
                int row = trial.promptTokens() - 1 + copy.step();
                all.add(new Evidence(copies.head(), copy, row, text.apply(copy.id())));
            }
        }
        all.sort(
                Comparator.comparingInt((Evidence e) -> e.copy().step())
                        .thenComparingDouble(e -> -e.copy().weight()));
        return all;
    }

    String headName() {
        return RetrievalJson.name(head);
    }
}
