package org.headlight.engine.device;

/**
 * What computes attention between the pieces of a model.
 *
 * @param device where it is computed
 * @param name the device's own name, such as "NVIDIA H100 80GB HBM3"; empty for the processor
 * @param numbers what queries, keys and values are multiplied in: "halves" or "floats"; empty where
 *     that is not known yet, before a model is cut into its pieces
 * @param reason why it is not the device that the pieces run on, one sentence; empty when it is
 */
public record AttentionPlace(Device device, String name, String numbers, String reason) {
    private static final String FLOATS = "floats";

    /** The processor, on which the pieces run too. */
    public static AttentionPlace cpu() {
        return new AttentionPlace(Device.CPU, "", FLOATS, "");
    }

    /** A device. */
    public static AttentionPlace on(Device device, String name, String numbers) {
        return new AttentionPlace(device, name, numbers, "");
    }

    /** The processor instead of the device that the pieces run on, for a reason. */
    public static AttentionPlace instead(String reason) {
        return new AttentionPlace(Device.CPU, "", FLOATS, reason);
    }

    /** Whether the processor computes it though the pieces run on a device. */
    public boolean fellBack() {
        return !reason.isEmpty();
    }

    /** For people: "CUDA 0, NVIDIA H100 80GB HBM3, in halves"; "CPU". */
    public String words() {
        if (device instanceof Device.Cpu) {
            return device.label();
        }
        return device.label()
                + (name.isEmpty() ? "" : ", " + name)
                + (numbers.isEmpty() ? "" : ", in " + numbers);
    }
}
