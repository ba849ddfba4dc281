package org.headlight.engine.model;

import org.headlight.engine.problem.TooLargeException;

import java.util.Locale;

/** Says what would not fit, in numbers. */
final class TooLarge {
    private final String what;
    private final String remedy;

    private TooLarge(String what, String remedy) {
        this.what = what;
        this.remedy = remedy;
    }

    /**
     * An input.
     *
     * @param owner the model's file
     */
    static TooLarge input(int tokens, String owner) {
        return new TooLarge(
                String.format(Locale.ROOT, "%,d tokens through %s", tokens, owner),
                "the longest input that fits has %,d tokens.");
    }

    /** A prompt, and a response of at most so many tokens. */
    static TooLarge response(int prompt, int response, String owner) {
        return new TooLarge(
                String.format(
                        Locale.ROOT,
                        "A prompt of %,d %s and a response of up to %,d through %s",
                        prompt,
                        prompt == 1 ? "token" : "tokens",
                        response,
                        owner),
                "the longest prompt and response that fit have %,d tokens together.");
    }

    /** The refusal of what does not fit. */
    TooLargeException refusal(MemoryNeed need) {
        if (!need.device().fits()) {
            return device(need);
        }
        return need.machineFits() ? heap(need) : machine(need);
    }

    private TooLargeException device(MemoryNeed need) {
        return new TooLargeException(
                String.format(
                        Locale.ROOT,
                        "%s would need %s of memory on the CUDA device, but %s are free there; run"
                                + " it on the CPU, or shorten it: %s",
                        what,
                        bytes(need.device().bytes()),
                        bytes(need.device().available()),
                        String.format(Locale.ROOT, remedy, need.largestThatFits())),
                need.device().bytes(),
                need.device().available());
    }

    private TooLargeException machine(MemoryNeed need) {
        long needed = need.runBytes() + need.captureBytes();
        String fits = String.format(Locale.ROOT, remedy, need.largestThatFits());
        return new TooLargeException(
                String.format(
                        Locale.ROOT,
                        "%s would need %s of memory (%s to run, %s to keep), but %s are available;"
                                + " %s",
                        what,
                        bytes(needed),
                        bytes(need.runBytes()),
                        bytes(need.captureBytes()),
                        bytes(need.availableBytes()),
                        fits),
                needed,
                need.availableBytes());
    }

    private TooLargeException heap(MemoryNeed need) {
        String fits = String.format(Locale.ROOT, remedy, need.largestThatFits());
        return new TooLargeException(
                String.format(
                        Locale.ROOT,
                        "%s would need %s of Java heap for %s, but %s are available; %s",
                        what,
                        bytes(need.heap().bytes()),
                        need.feeding() == MemoryNeed.Feeding.PIECES
                                ? "what passes between its pieces"
                                : "its mask",
                        bytes(need.heap().available()),
                        fits),
                need.heap().bytes(),
                need.heap().available());
    }

    /** Bytes for people, rounded up. */
    static String bytes(long count) {
        return count < 10_000_000_000L
                ? String.format(Locale.ROOT, "%,d MB", (count + 999_999) / 1_000_000)
                : String.format(Locale.ROOT, "%,.1f GB", count / 1e9);
    }
}
