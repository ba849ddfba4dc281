package org.headlight.app.settings;

/**
 * The window's size, in pixels of the desktop.
 *
 * @param width at least 800
 * @param height at least 560
 * @param maximized whether it fills the screen
 */
public record WindowSize(double width, double height, boolean maximized) {

    /** The size of a first launch. */
    public static WindowSize defaults() {
        return new WindowSize(1280, 800, false);
    }
}
