package org.headlight.engine.generate;

/** Why a response ended. */
public enum StopReason {
    /** The model wrote its end-of-text token, which is the last token of the response. */
    END_OF_TEXT("end-of-text", "end of text"),
    /** As many tokens as were asked for. */
    MAX_TOKENS("max-tokens", "as many tokens as asked for"),
    /** The model has positions for no more tokens. */
    POSITIONS("positions", "no positions left"),
    /** Somebody cancelled; what was there by then is kept. */
    CANCELLED("cancelled", "cancelled"),
    /** The model could not be run on; what was there by then is kept. */
    FAILED("failed", "the model could not go on");

    private final String key;
    private final String words;

    StopReason(String key, String words) {
        this.key = key;
        this.words = words;
    }

    /** For files and programs, such as "end-of-text". */
    public String key() {
        return key;
    }

    /** For people, such as "end of text". */
    public String words() {
        return words;
    }
}
