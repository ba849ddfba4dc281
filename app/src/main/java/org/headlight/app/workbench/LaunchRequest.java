package org.headlight.app.workbench;

import org.headlight.engine.device.Device;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the command line asks the window to start with. Everything is optional: without a source the
 * window opens on the embedded example.
 *
 * @param source model folder, .onnx file, capture or dump
 * @param text the text to run at once
 * @param textFile the file that holds the text, when it was given as a file
 * @param threads threads of the runtime
 * @param theme "light", "dark" or "system"; overrides the settings for this launch
 * @param device where models run; overrides the settings until another one is chosen
 * @param natives the folder of native libraries with CUDA; overrides the settings for this launch
 */
public record LaunchRequest(
        Optional<Path> source,
        Optional<String> text,
        Optional<Path> textFile,
        OptionalInt threads,
        Optional<String> theme,
        Optional<Device> device,
        Optional<Path> natives) {

    /** The window with nothing asked for: the embedded example. */
    public static LaunchRequest empty() {
        return new LaunchRequest(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
