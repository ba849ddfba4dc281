package org.headlight.assets;

/**
 * A short text that shows something.
 *
 * @param name short name, usable in file names and on the command line
 * @param title for menus
 * @param shows what to look for, one or two sentences
 * @param source author and licence
 * @param text the text itself
 */
public record SampleText(String name, String title, String shows, String source, String text) {}
