package org.headlight.app.input;

import org.headlight.engine.model.MemoryNeed;
import org.headlight.viz.raster.NumberText;

import java.util.Locale;

/** Puts the memory that a run would take into words. */
public final class Need {
    private Need() {}

    /** Whether it can be run: the memory is there, and so are positions for every token. */
    public static boolean fits(MemoryNeed need) {
        return need.fits() && need.tokens() <= need.largestThatFits();
    }

    /** One sentence with the numbers and the largest input that fits. */
    public static String tooLarge(MemoryNeed need) {
        if (need.fits()) {
            return String.format(
                    Locale.ROOT,
                    "%s tokens are too many for this model, which has positions for %s; shorten"
                            + " the text, or run a part of it.",
                    NumberText.count(need.tokens()),
                    NumberText.count(need.largestThatFits()));
        }
        if (!need.device().fits()) {
            return String.format(
                    Locale.ROOT,
                    "%s tokens would need %s of memory on the CUDA device, and %s are free there;"
                            + " the longest that fits is %s tokens. Choose the CPU in the settings"
                            + " for more.",
                    NumberText.count(need.tokens()),
                    bytes(need.device().bytes()),
                    bytes(need.device().available()),
                    NumberText.count(need.largestThatFits()));
        }
        if (need.machineFits()) {
            return String.format(
                    Locale.ROOT,
                    "%s tokens would need %s of Java heap for %s, and %s are free; the"
                            + " longest that fits is %s tokens.",
                    NumberText.count(need.tokens()),
                    bytes(need.heap().bytes()),
                    need.feeding() == MemoryNeed.Feeding.PIECES
                            ? "what passes between the pieces"
                            : "the mask",
                    bytes(need.heap().available()),
                    NumberText.count(need.largestThatFits()));
        }
        return String.format(
                Locale.ROOT,
                "%s tokens would need %s (%s to run, %s for the capture) and %s are free; the"
                        + " longest that fits is %s tokens.",
                NumberText.count(need.tokens()),
                bytes(need.runBytes() + need.captureBytes()),
                bytes(need.runBytes()),
                bytes(need.captureBytes()),
                bytes(need.availableBytes()),
                NumberText.count(need.largestThatFits()));
    }

    /** A number of bytes with three significant digits: 12 kB, 3.21 MB, 1.60 GB. */
    public static String bytes(long bytes) {
        double value = bytes;
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int unit = 0;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
    }
}
