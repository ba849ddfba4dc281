package org.headlight.engine.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.device.Device;

import java.util.Locale;

/**
 * The memory that a session keeps on its device from run to run. A long text's is given back when
 * its run ends, so that others find it free; that of short ones, and of single steps, is kept,
 * since asking for it again costs more than it is worth.
 */
final class DeviceArena {
    /** Rows of a run from which memory of a GPU is given back. */
    static final int LONG = 512;

    /**
     * Rows of a run from which memory of the processor is: each piece of a model has an arena of
     * its own, and together they would hold many times what any one of them needs.
     */
    static final int VERY_LONG = 4096;

    private static final String SHRINK = "memory.enable_memory_arena_shrinkage";

    private final Device device;
    private boolean shrinks = true;

    DeviceArena(Device device) {
        this.device = device;
    }

    /**
     * Tells a run to give back what it does not hold at its end, where it is a long one.
     *
     * @param rows tokens of the run; 0 when it has none
     */
    void shrinkAfter(int rows, OrtSession.RunOptions options) throws OrtException {
        String arena =
                switch (device) {
                    case Device.Cuda cuda when rows >= LONG -> "gpu:" + cuda.index();
                    case Device.Cpu _ when rows >= VERY_LONG -> "cpu:0";
                    default -> "";
                };
        if (shrinks && !arena.isEmpty()) {
            options.addRunConfigEntry(SHRINK, arena);
        }
    }

    /**
     * Whether a run failed because it was told so, as a runtime without such an arena does before
     * it starts; it is not told again.
     */
    boolean refused(String message) {
        boolean because = shrinks && message.toLowerCase(Locale.ROOT).contains("shrink");
        shrinks &= !because;
        return because;
    }
}
