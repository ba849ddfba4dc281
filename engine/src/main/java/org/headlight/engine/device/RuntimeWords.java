package org.headlight.engine.device;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts what ONNX Runtime says when it fails into words for people. */
public final class RuntimeWords {
    private static final Pattern NODE =
            Pattern.compile(
                    "Non-zero status code returned while running (\\S+) node\\. Name:'(.*?)' Status"
                            + " Message: ?");

    /** A place in the runtime's sources, such as {@code /a/b/c.h:563}. */
    private static final String PLACE = "\\S*\\.(?:h|hpp|cc|cpp|cu):\\d+\\s+";

    /** A place, the signature of a function, and the condition that did not hold. */
    private static final Pattern CHECK = Pattern.compile(PLACE + ".*? was false\\.?\\s*");

    /** A place and the signature of a function. */
    private static final Pattern SIGNATURE =
            Pattern.compile(PLACE + "(?:[^()]*\\([^()]*\\)(?: const)?\\s+|[A-Z]\\w* )?");

    /** What a library of CUDA says, among places, hosts and expressions. */
    private static final Pattern DEVICE =
            Pattern.compile("(?:CUDA|CUBLAS|CUDNN|CUFFT) failure \\d+: [^;]*");

    private RuntimeWords() {}

    /**
     * The end of a sentence: which node stopped and why, without error codes and without the
     * places, signatures and conditions of the runtime's sources.
     *
     * @param message as the runtime gives it
     */
    public static String of(String message) {
        int at = message.indexOf("message:");
        String text = at < 0 ? message : message.substring(at + "message:".length());
        text = text.strip().lines().findFirst().orElse("").strip();
        String who = "";
        Matcher node = NODE.matcher(text);
        if (node.find()) {
            String name = node.group(2).isEmpty() ? "without a name" : node.group(2);
            who = "its node " + name + " (" + node.group(1) + ") stops: ";
            text = text.substring(node.end());
        }
        Matcher device = DEVICE.matcher(text);
        if (device.find()) {
            return who + device.group().strip();
        }
        text = SIGNATURE.matcher(CHECK.matcher(text).replaceAll("")).replaceAll("").strip();
        while (text.endsWith(".") || text.endsWith(":")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return who + (text.isEmpty() ? "a check of the runtime failed" : text);
    }
}
