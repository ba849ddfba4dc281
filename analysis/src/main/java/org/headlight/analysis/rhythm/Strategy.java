package org.headlight.analysis.rhythm;

/** How credit is handed out (section 6.3). */
public enum Strategy {
    /** To preplan tokens. */
    LOCAL_CHUNK("local", "Local chunk"),
    /** To anchor tokens. */
    GLOBAL_ANCHOR("global", "Global anchor"),
    /** To anchors, and back to the tokens that prepared them. */
    COUPLED("coupled", "Coupled");

    private final String key;
    private final String title;

    Strategy(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** As the command line and JSON have it. */
    public String key() {
        return key;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
