package org.headlight.engine.model;

import org.headlight.engine.device.Device;
import org.headlight.engine.problem.TooLargeException;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells when a run failed for want of memory, and says so in numbers. */
final class OutOfMemory {
    private static final Pattern REQUESTED =
            Pattern.compile("requested buffer of size (\\d{1,18})(?!\\d)");

    /** A request larger than this is a fault of the graph, not a matter of memory. */
    private static final long ABSURD = 1L << 50;

    private static final Pattern SIGNS =
            Pattern.compile(
                    "Failed to allocate|bad allocation|out of memory|CUDA failure 2:"
                            + "|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED");

    private final String owner;
    private final Device device;

    /**
     * @param owner the model's file
     * @param device where it ran
     */
    OutOfMemory(String owner, Device device) {
        this.owner = owner;
        this.device = device;
    }

    /** Whether the runtime's words say that memory was wanting. */
    static boolean is(String words) {
        return SIGNS.matcher(words).find();
    }

    /**
     * The refusal.
     *
     * @param words the runtime's, as {@link RuntimeWords} puts them
     * @param need what the run was thought to need
     * @param free of the device, now
     */
    TooLargeException refusal(String words, MemoryNeed need, OptionalLong free) {
        return switch (device) {
            case Device.Cpu _ ->
                    new TooLargeException(
                            "The runtime could not get the memory to run "
                                    + owner
                                    + " ("
                                    + words
                                    + "); shorten the input.",
                            need.runBytes() + need.captureBytes(),
                            need.availableBytes());
            case Device.Cuda cuda -> onDevice(words, need, free, cuda);
        };
    }

    private TooLargeException onDevice(
            String words, MemoryNeed need, OptionalLong free, Device.Cuda cuda) {
        Matcher size = REQUESTED.matcher(words);
        long asked = size.find() ? Long.parseLong(size.group(1)) : 0;
        boolean known = asked > 0 && asked < ABSURD;
        String what =
                known
                        ? owner + " asked for " + TooLarge.bytes(asked) + " more on " + cuda.label()
                        : owner
                                + " did not get the memory that it asked for on "
                                + cuda.label()
                                + " ("
                                + words
                                + ")";
        String there =
                free.isPresent() ? ", where " + TooLarge.bytes(free.getAsLong()) + " are free" : "";
        return new TooLargeException(
                what
                        + there
                        + "; shorten the input, end other programs that use the device, or run it"
                        + " on the CPU.",
                known ? asked : need.device().bytes(),
                free.orElse(need.device().available()));
    }
}
