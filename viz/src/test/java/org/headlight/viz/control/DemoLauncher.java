package org.headlight.viz.control;

/** Starts the demo from the class path. */
public final class DemoLauncher {
    private DemoLauncher() {}

    public static void main(String[] args) {
        ControlsDemo.main(args);
    }
}
