package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;

/** Lets go of a device's things one after the other. */
final class Closing {
    private Closing() {}

    /**
     * Does all of it. Once a kernel has failed, the driver refuses every call until the process
     * ends, which gives everything back then; that is no reason to keep what else there is.
     */
    static void all(Runnable... steps) {
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (BadInputException e) {
                // What failed has been told by the call that failed first.
            }
        }
    }
}
