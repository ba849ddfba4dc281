package org.headlight.app.command;

/** Where copied text goes. */
@FunctionalInterface
public interface TextClipboard {
    void copy(String text);
}
