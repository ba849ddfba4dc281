package org.headlight.engine.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts why the runtime cannot use a device into one sentence that says what to do. */
final class DeviceWords {
    /** As the loaders of Linux and of the runtime on Windows say it. */
    private static final Pattern MISSING =
            Pattern.compile(
                    "error: (\\S+): cannot open shared object file|"
                            + "which depends on \"([^\"]+)\" which is missing");

    private static final Pattern FAILURE =
            Pattern.compile("(CUDA|CUDNN|CUBLAS) failure (\\d+): ([^;]+?)\\s*(?:;|$)");

    private static final String FULL = "its memory is taken; end other programs that use it.";

    private static final String NO_SUCH =
            "there is no device of that number; headlight doctor lists them.";

    private DeviceWords() {}

    /** Whether a reason may have passed by the next time. */
    static boolean passing(String reason) {
        return reason.endsWith(FULL);
    }

    /**
     * The sentence.
     *
     * @param device what was tried
     * @param message as the runtime gives it
     */
    static String of(Device.Cuda device, String message) {
        String label = device.label() + " cannot be used: ";
        Matcher missing = MISSING.matcher(message);
        if (missing.find()) {
            String file = missing.group(1) == null ? missing.group(2) : missing.group(1);
            return missing(device, List.of(file));
        }
        String small = message.toLowerCase(Locale.ROOT);
        if (small.contains("failed to find cuda shared provider")
                || small.contains("not compiled with cuda")
                || small.contains("cuda execution provider is not enabled")
                || small.contains("failed to load shared library")) {
            return label
                    + "the ONNX Runtime that is loaded was built without CUDA; name the folder with"
                    + " the natives of onnxruntime_gpu in the settings, or by --natives FOLDER.";
        }
        if (small.contains("cudnn is not available") || small.contains("libcudnn")) {
            return label + "this model needs cuDNN; install cuDNN 9 for the CUDA of the natives.";
        }
        Matcher failure = FAILURE.matcher(message);
        if (failure.find()) {
            return label + cuda(failure.group(1), failure.group(2), failure.group(3));
        }
        if (small.contains("failed to allocate")) {
            return label + FULL;
        }
        if (small.contains("invalid device id")) {
            return label + NO_SUCH;
        }
        return label
                + (message.isBlank() ? "the runtime does not say why" : RuntimeWords.of(message))
                + ".";
    }

    /**
     * The sentence where libraries are missing.
     *
     * @param files one or more of them
     */
    static String missing(Device.Cuda device, List<String> files) {
        List<String> install =
                new ArrayList<>(files.stream().map(CudaLibraries::install).distinct().toList());
        if (install.size() > 1) {
            install.remove(CudaLibraries.ANY);
        }
        return device.label()
                + " cannot be used: "
                + (files.size() == 1
                        ? "the library " + files.getFirst() + " is missing"
                        : "the libraries " + String.join(", ", files) + " are missing")
                + "; install "
                + String.join(" and ", install)
                + ".";
    }

    private static String cuda(String library, String code, String words) {
        String said = words.strip() + " (" + library + " failure " + code + ")";
        if (!library.equals("CUDA")) {
            return said + ".";
        }
        return switch (code) {
            case "2" -> FULL;
            case "35" ->
                    "NVIDIA's driver is older than the CUDA of the natives (CUDA failure 35);"
                            + " install a newer driver.";
            case "100" -> "NVIDIA's driver finds no device (CUDA failure 100).";
            case "101" -> NO_SUCH;
            case "209" ->
                    "the natives have no code for this GPU's generation (CUDA failure 209); take a"
                            + " build for it.";
            default -> said + ".";
        };
    }
}
