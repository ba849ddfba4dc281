package org.headlight.app.workbench;

import org.headlight.app.task.FxToolkit;

/** Opens the window. */
public final class WorkbenchLauncher {

    private WorkbenchLauncher() {}

    /**
     * Opens the window and returns when it is closed.
     *
     * @throws UnsupportedOperationException when there is no display
     */
    public static void launch(LaunchRequest request) {
        try {
            new FxToolkit().run(closed -> new Workbench().show(request, closed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
