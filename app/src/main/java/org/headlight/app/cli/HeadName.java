package org.headlight.app.cli;

import org.headlight.engine.attention.SiteKind;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A head as people write it: {@code L3H5}, {@code L3X5} for cross-attention, {@code 3.5} or {@code
 * 3-5}; zero-based.
 */
record HeadName(int layer, int head, SiteKind kind) {
    private static final Pattern NAME =
            Pattern.compile("(?i)L(\\d{1,5})([HX])(\\d{1,5})|(\\d{1,5})[.-](\\d{1,5})");

    static Optional<HeadName> parse(String text) {
        Matcher matcher = NAME.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (matcher.group(1) == null) {
            return Optional.of(
                    new HeadName(
                            Integer.parseInt(matcher.group(4)),
                            Integer.parseInt(matcher.group(5)),
                            SiteKind.SELF));
        }
        boolean cross = matcher.group(2).equalsIgnoreCase("X");
        return Optional.of(
                new HeadName(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(3)),
                        cross ? SiteKind.CROSS : SiteKind.SELF));
    }

    @Override
    public String toString() {
        return "L" + layer + (kind == SiteKind.CROSS ? "X" : "H") + head;
    }
}
