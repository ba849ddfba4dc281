package org.headlight.engine.device;

import org.headlight.engine.problem.BadInputException;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a model runs. */
public sealed interface Device {
    /** Machines have at most so many CUDA devices. */
    int MOST = 64;

    /** The processor. */
    Device CPU = new Cpu();

    /** As on the command line: "cpu", "cuda:0". */
    String word();

    /** For people: "CPU", "CUDA 0". */
    String label();

    /** The processor. */
    record Cpu() implements Device {
        @Override
        public String word() {
            return "cpu";
        }

        @Override
        public String label() {
            return "CPU";
        }
    }

    /**
     * A GPU of NVIDIA.
     *
     * @param index its number as CUDA counts them, from 0
     */
    record Cuda(int index) implements Device {
        public Cuda {
            if (index < 0 || index >= MOST) {
                throw new IllegalArgumentException("CUDA device " + index);
            }
        }

        @Override
        public String word() {
            return "cuda:" + index;
        }

        @Override
        public String label() {
            return "CUDA " + index;
        }
    }

    /**
     * Reads a device: cpu, cuda (the first one), cuda:1.
     *
     * @throws BadInputException when it is none, with a sentence that says what was expected
     */
    static Device parse(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.equals("cpu")) {
            return CPU;
        }
        Matcher cuda = Pattern.compile("cuda(?::(\\d{1,9}))?").matcher(word);
        if (!cuda.matches()) {
            throw new BadInputException(
                    "The device \"" + text + "\" is not known; expected cpu, cuda or cuda:N.");
        }
        int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        if (index >= MOST) {
            throw new BadInputException(
                    "The device \""
                            + text
                            + "\" has no such number; CUDA devices count from cuda:0 to cuda:"
                            + (MOST - 1)
                            + ".");
        }
        return new Cuda(index);
    }
}
