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

    private DeviceWords() {}

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
        return label + first(message) + ".";
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
            case "2" ->
                    "its memory is taken (CUDA failure 2: out of memory); end other programs that"
                            + " use it.";
            case "35" ->
                    "NVIDIA's driver is older than the CUDA of the natives (CUDA failure 35);"
                            + " install a newer driver.";
            case "100" -> "NVIDIA's driver finds no device (CUDA failure 100).";
            case "101" ->
                    "there is no device of that number (CUDA failure 101); headlight doctor lists"
                            + " them.";
            case "209" ->
                    "the natives have no code for this GPU's generation (CUDA failure 209); take a"
                            + " build for it.";
            default -> said + ".";
        };
    }

    /** The first line without the runtime's error codes. */
    private static String first(String message) {
        int at = message.indexOf("message:");
        String text = at < 0 ? message : message.substring(at + "message:".length());
        text = text.strip().lines().findFirst().orElse("").strip();
        while (text.endsWith(".")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        return text.isEmpty() ? "the runtime does not say why" : text;
    }
}
