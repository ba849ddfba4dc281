package org.headlight.analysis.retrieval;

import org.headlight.engine.cut.HeadAddress;

import java.util.List;

/**
 * What a head copied in a trial.
 *
 * @param copies by step; a step is there once at most
 */
public record HeadCopies(HeadAddress head, List<Copy> copies) {
    public HeadCopies {
        copies = List.copyOf(copies);
    }

    /** How many different tokens were copied: the size of the set g of the paper. */
    public int distinct() {
        return (int) copies.stream().map(Copy::id).distinct().count();
    }
}
