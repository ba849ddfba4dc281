package org.headlight.app;

import org.headlight.app.cli.CommandContext;
import org.headlight.app.cli.Headlight;
import org.headlight.app.cli.Interrupt;
import org.headlight.app.cli.StandardError;
import org.headlight.app.workbench.WorkbenchLauncher;
import org.headlight.engine.device.DeviceSetup;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where the program starts: the window when called with no command, otherwise the command. */
public final class Main {
    private Main() {}

    /** Runs and ends the process with the exit status of the contract. */
    public static void main(String[] args) {
        // Java2D only draws here; with a display it would start a second toolkit beside JavaFX
        System.setProperty("java.awt.headless", "true");
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new StandardError(System.getProperties()).stream();
        System.setErr(err);
        Interrupt interrupt = Interrupt.ofProcess();
        int status =
                Headlight.run(
                        List.of(args),
                        new CommandContext(
                                out,
                                err,
                                Boolean.getBoolean("headlight.terminal"),
                                System.getenv(),
                                interrupt,
                                DeviceSetup::ofProcess,
                                request ->
                                        WorkbenchLauncher.launch(request, interrupt::whenAsked)));
        out.flush();
        err.flush();
        interrupt.finished();
        System.exit(status);
    }
}
