package org.headlight.engine.device;

/**
 * Which device was asked for, and which one is used.
 *
 * @param asked what was asked for
 * @param used what is used: the same, or the processor
 * @param reason why it is not the same, one sentence; empty when it is
 */
public record DeviceChoice(Device asked, Device used, String reason) {

    /** The processor, as asked. */
    public static DeviceChoice cpu() {
        return of(Device.CPU);
    }

    /** A device, as asked. */
    public static DeviceChoice of(Device device) {
        return new DeviceChoice(device, device, "");
    }

    /** The same with the processor instead, for a reason. */
    public DeviceChoice fallenBack(String why) {
        return new DeviceChoice(asked, Device.CPU, why);
    }

    /** Whether something else is used than was asked for. */
    public boolean fellBack() {
        return !asked.equals(used);
    }
}
