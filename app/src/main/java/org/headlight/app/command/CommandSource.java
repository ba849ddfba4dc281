package org.headlight.app.command;

import org.headlight.engine.device.Device;

import java.nio.file.Path;

/**
 * What a command is to work on.
 *
 * @param path of the model, capture or dump
 * @param device that it runs on
 */
public record CommandSource(Path path, Device device) {

    /** The path and the input, for a shell, with the device where it is not the usual one. */
    String words(RunInput input) {
        return Shell.quote(path.toString())
                + input.words()
                + (device.equals(Device.CPU) ? "" : " --device " + device.word());
    }
}
