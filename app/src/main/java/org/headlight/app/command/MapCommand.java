package org.headlight.app.command;

/**
 * The command that draws a map again.
 *
 * @param source what is open
 * @param input what was run
 * @param head the name of the head, such as "L2H1", or "L2X1" for cross-attention
 * @param pool "max" or "mean"
 * @param scale "linear", "log" or "percentile"
 * @param dropSink whether the first key is dropped
 */
public record MapCommand(
        CommandSource source,
        RunInput input,
        String head,
        String pool,
        String scale,
        boolean dropSink) {

    /** The command, for a POSIX shell. */
    public String words() {
        return "headlight map "
                + source.words(input)
                + " --head "
                + head
                + " --pool "
                + pool
                + " --scale "
                + scale
                + (dropSink ? " --drop-sink" : "")
                + " --out "
                + head
                + ".png";
    }
}
