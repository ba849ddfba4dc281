package org.headlight.engine.generate;

/** Hears each token of a response as it comes, on the thread that generates. */
@FunctionalInterface
public interface GenerationListener {
    /** Nobody listens. */
    GenerationListener NONE = token -> {};

    /** Hears one token. */
    void token(GeneratedToken token);

    /** Hears, at the end, what bytes of a character that was never completed stand for. */
    default void rest(String text) {}
}
