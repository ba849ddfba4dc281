package org.headlight.app.cli;

import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.problem.BadInputException;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where models run. */
final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = {
                "Where the model runs: cpu, cuda or cuda:N (default: cpu). Where a CUDA device",
                "cannot be used, the processor is, and the reason is said."
            })
    private Device device = Device.CPU;

    @Mixin private NativesOption natives = new NativesOption();

    /**
     * The device to use. Natives are only looked for where they matter.
     *
     * @throws BadInputException when the folder that is given here is not complete
     */
    DeviceChoice choose(CommandContext context) {
        natives.check();
        return device instanceof Device.Cpu && !natives.given()
                ? DeviceChoice.cpu()
                : natives.devices(context).choose(device);
    }
}
