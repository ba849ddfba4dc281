package org.headlight.app.settings;

import org.headlight.engine.device.Device;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where models run.
 *
 * @param device the device that is asked for
 * @param natives the folder with the native libraries of an ONNX Runtime that knows CUDA
 */
public record DeviceSettings(Device device, Optional<Path> natives) {

    /** The processor. */
    public static DeviceSettings defaults() {
        return new DeviceSettings(Device.CPU, Optional.empty());
    }

    public DeviceSettings withDevice(Device chosen) {
        return new DeviceSettings(chosen, natives);
    }

    public DeviceSettings withNatives(Optional<Path> folder) {
        return new DeviceSettings(device, folder);
    }
}
