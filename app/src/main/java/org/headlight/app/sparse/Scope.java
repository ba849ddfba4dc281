package org.headlight.app.sparse;

/** Which heads a policy is chosen for. */
enum Scope {
    /** Every head of the model. */
    MODEL("all heads"),
    /** The heads of the layer on show. */
    LAYER("this layer"),
    /** The marked heads, or the one on show when none is marked. */
    HEADS("this head, or marked");

    private final String title;

    Scope(String title) {
        this.title = title;
    }

    /** For people. */
    String title() {
        return title;
    }
}
