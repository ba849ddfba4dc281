package org.headlight.engine.cuda;

import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.TooLargeException;

import java.util.Optional;

/**
 * Opens our kernels on a device, and tries them: attention runs there when a small call over heads
 * of the model's widths gave what the processor gives, otherwise on the processor, for a reason.
 */
public final class CudaOpening {
    private final GpuAccess access;
    private final Device.Cuda device;

    /**
     * What opening came to.
     *
     * @param runner computes attention; closed by whoever asked
     * @param place where it does
     */
    public record Outcome(AttentionRunner runner, AttentionPlace place) {}

    public CudaOpening(GpuAccess access, Device.Cuda device) {
        this.access = access;
        this.device = device;
    }

    /** Where attention will be computed as far as one can tell without trying. */
    public AttentionPlace expected() {
        try (GpuDriver driver = access.driver(device.index())) {
            access.compiler(driver);
            return AttentionPlace.on(device, driver.info().name(), "");
        } catch (BadInputException e) {
            return AttentionPlace.instead(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Opens and tries.
     *
     * @param precision what the model computes in
     * @param depth width of its queries
     * @param width width of its values
     * @param processor computes what the device cannot; closed with the runner
     */
    public Outcome open(Precision precision, int depth, int width, AttentionRunner processor) {
        try {
            CudaAttention attention = attention(precision, processor);
            Optional<String> refusal = refusal(attention, depth, width);
            if (refusal.isPresent()) {
                attention.closeDevice();
                return new Outcome(processor, AttentionPlace.instead(refusal.get()));
            }
            String numbers = attention.precision() == Precision.FP16 ? "halves" : "floats";
            return new Outcome(
                    attention, AttentionPlace.on(device, attention.device().name(), numbers));
        } catch (BadInputException e) {
            return new Outcome(processor, AttentionPlace.instead(String.valueOf(e.getMessage())));
        }
    }

    private CudaAttention attention(Precision precision, AttentionRunner processor) {
        GpuDriver driver = access.driver(device.index());
        boolean done = false;
        try {
            CudaAttention attention =
                    new CudaAttention(driver, access.compiler(driver), precision, processor)
                            .trying();
            done = true;
            return attention;
        } finally {
            if (!done) {
                Closing.all(driver::close);
            }
        }
    }

    private static Optional<String> refusal(CudaAttention attention, int depth, int width) {
        try {
            return attention.refusal(depth, width);
        } catch (TooLargeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
