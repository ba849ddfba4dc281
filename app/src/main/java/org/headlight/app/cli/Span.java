package org.headlight.app.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Positions {@code a:b}, the end not included; either may be left out. Something lies between. */
record Span(int from, int to) {
    private static final Pattern SPAN = Pattern.compile("(\\d{0,9}):(\\d{0,9})");

    static Optional<Span> parse(String text, int size) {
        Matcher matcher = SPAN.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int from = matcher.group(1).isEmpty() ? 0 : Integer.parseInt(matcher.group(1));
        boolean open = matcher.group(2).isEmpty();
        int to = open ? size : Integer.parseInt(matcher.group(2));
        return open || from < to ? Optional.of(new Span(from, to)) : Optional.empty();
    }
}
