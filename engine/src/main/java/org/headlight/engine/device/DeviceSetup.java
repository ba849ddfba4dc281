package org.headlight.engine.device;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Readies the devices of a process; before the runtime is first used, if natives are to matter. */
public final class DeviceSetup {
    private final Properties properties;

    /**
     * @param properties of the process
     */
    public DeviceSetup(Properties properties) {
        this.properties = properties;
    }

    /** The devices of this process. */
    public static Devices ofProcess(Optional<Path> natives) {
        return new DeviceSetup(System.getProperties()).devices(natives);
    }

    /**
     * Devices, with the runtime's libraries from a folder where one is named and complete.
     *
     * @param natives the folder that the user named
     */
    public Devices devices(Optional<Path> natives) {
        RuntimeLibrary library = new RuntimeLibrary(properties);
        Platform platform = Platform.of(properties);
        String refusal = "";
        NativesCheck check = NativesCheck.NONE;
        if (natives.isPresent()) {
            NativesFolder folder = new NativesFolder(natives.get(), platform);
            check = folder.check();
            refusal =
                    check.complete()
                            ? RuntimeLibrary.refusal(folder).orElseGet(() -> named(library, folder))
                            : check.sentence();
        }
        NvidiaMachine machine = new NvidiaMachine(platform, library.folder().orElse(null));
        return new Devices(machine, new RuntimeTrial(library, machine), refusal, check.needed());
    }

    private static String named(RuntimeLibrary library, NativesFolder folder) {
        return switch (library.from(folder.path())) {
            case USED -> "";
            case AT_NEXT_START ->
                    "the runtime is loaded already from elsewhere; the natives in "
                            + folder.path()
                            + " are used from the next start on.";
        };
    }
}
