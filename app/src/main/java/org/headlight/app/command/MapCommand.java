package org.headlight.app.command;

import java.nio.file.Path;

/**
 * The command that draws a map again.
 *
 * @param source what is open
 * @param input what was run
 * @param layer zero-based layer
 * @param head zero-based head
 * @param pool "max" or "mean"
 * @param scale "linear", "log" or "percentile"
 * @param dropSink whether the first key is dropped
 */
public record MapCommand(
        Path source,
        RunInput input,
        int layer,
        int head,
        String pool,
        String scale,
        boolean dropSink) {

    /** The command, for a POSIX shell. */
    public String words() {
        return "headlight map "
                + Shell.quote(source.toString())
                + input.words()
                + " --layer "
                + layer
                + " --head "
                + head
                + " --pool "
                + pool
                + " --scale "
                + scale
                + (dropSink ? " --drop-sink" : "")
                + " --out L"
                + layer
                + "H"
                + head
                + ".png";
    }
}
