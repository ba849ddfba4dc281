package org.headlight.app.cli;

import org.headlight.app.settings.RememberedNatives;
import org.headlight.engine.device.Devices;
import org.headlight.engine.device.NativesCheck;
import org.headlight.engine.device.NativesFolder;
import org.headlight.engine.device.Platform;
import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** Where the native libraries with CUDA are. */
final class NativesOption {
    @Option(
            names = "--natives",
            paramLabel = "FOLDER",
            description = {
                "The folder with the native libraries of onnxruntime_gpu (default: the one",
                "in HEADLIGHT_NATIVES, otherwise the one in the settings)."
            })
    private @Nullable Path natives;

    /** Whether a folder is given here. */
    boolean given() {
        return natives != null;
    }

    /** The folder that counts: given here, by the environment, or in the settings. */
    Optional<Path> folder(CommandContext context) {
        return Optional.ofNullable(natives)
                .or(() ->
                        new RememberedNatives(System.getProperties(), context.environment())
                                .folder());
    }

    /** The devices of this process, with the libraries from that folder. */
    Devices devices(CommandContext context) {
        return context.devices().apply(folder(context));
    }

    /**
     * Looks at the folder that is given here.
     *
     * @throws BadInputException when it is not complete
     */
    void check() {
        if (natives == null) {
            return;
        }
        NativesCheck check =
                new NativesFolder(natives, Platform.of(System.getProperties())).check();
        if (!check.complete()) {
            throw new BadInputException("--natives: " + check.sentence());
        }
    }
}
