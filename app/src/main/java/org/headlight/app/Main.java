package org.headlight.app;

import org.headlight.app.cli.CommandContext;
import org.headlight.app.cli.Headlight;
import org.headlight.app.cli.Interrupt;
import org.headlight.app.cli.StandardError;
import org.headlight.app.cli.StandardOutput;
import org.headlight.app.workbench.WorkbenchLauncher;
import org.headlight.engine.device.DeviceSetup;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;

/** Where the program starts: the window when called with no command, otherwise the command. */
public final class Main {
    private Main() {}

    /** Runs and ends the process with the exit status of the contract. */
    public static void main(String[] args) {
        // Java2D only draws here; with a display it would start a second toolkit beside JavaFX
        System.setProperty("java.awt.headless", "true");
        StandardOutput out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream err = new StandardError(System.getProperties()).stream();
        System.setErr(err);
        Interrupt interrupt = Interrupt.ofProcess();
        int status =
                Headlight.run(
                        List.of(args),
                        new CommandContext(
                                out.stream(),
                                err,
                                Boolean.getBoolean("headlight.terminal"),
                                System.getenv(),
                                interrupt,
                                DeviceSetup::ofProcess,
                                request ->
                                        WorkbenchLauncher.launch(request, interrupt::whenAsked)));
        int exit = interrupt.exitStatus(out.exitStatus(status, err));
        err.flush();
        interrupt.finished();
        System.exit(exit);
    }
}
