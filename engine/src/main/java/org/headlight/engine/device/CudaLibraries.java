package org.headlight.engine.device;

import java.util.List;
import java.util.Locale;

/**
 * The libraries of one version of CUDA, and what they are called on a system.
 *
 * @param platform the system
 * @param version 12 or 13
 */
public record CudaLibraries(Platform platform, int version) {
    /** The versions that builds of the runtime use. */
    public static final List<Integer> VERSIONS = List.of(12, 13);

    /** What has libraries that are the same in every version of CUDA. */
    static final String ANY = "the runtime libraries of CUDA";

    /**
     * A library.
     *
     * @param name for people, such as cuBLAS
     * @param file such as libcublas.so.12
     * @param use what needs it
     */
    public record Library(String name, String file, Use use) {}

    /** What a library is needed for. */
    public enum Use {
        /** The runtime's CUDA provider does not load without it. */
        PROVIDER,
        /** Convolutions and a few other operators of the runtime. */
        CUDNN,
        /** Operators that models of attention do not have. */
        RARE,
        /** Kernels that are compiled when they are first run. */
        KERNELS
    }

    /** All of them, those that the provider needs first. */
    public List<Library> all() {
        int fourier = version == 12 ? 11 : 12;
        return List.of(
                library("cudart", "cudart", version, Use.PROVIDER),
                library("cuBLAS", "cublas", version, Use.PROVIDER),
                library("cuBLASLt", "cublasLt", version, Use.PROVIDER),
                library("cuRAND", "curand", 10, Use.PROVIDER),
                library("cuDNN", "cudnn", 9, Use.CUDNN),
                library("cuFFT", "cufft", fourier, Use.RARE),
                new Library("NVRTC", compiler(), Use.KERNELS));
    }

    private Library library(String name, String stem, int number, Use use) {
        String file =
                platform == Platform.WINDOWS
                        ? stem + "64_" + number + ".dll"
                        : "lib" + stem + ".so." + number;
        return new Library(name, file, use);
    }

    private String compiler() {
        return platform == Platform.WINDOWS
                ? "nvrtc64_" + version + "0_0.dll"
                : "libnvrtc.so." + version;
    }

    /** The library of the driver itself, by which programs reach it. */
    public static String driver(Platform platform) {
        return platform == Platform.WINDOWS ? "nvcuda.dll" : "libcuda.so.1";
    }

    /** The library by which the driver tells of itself. */
    public static String management(Platform platform) {
        return platform == Platform.WINDOWS ? "nvml.dll" : "libnvidia-ml.so.1";
    }

    /**
     * What to install for a library that is missing, such as "CUDA 12 (its runtime libraries
     * cudart, cuBLAS and cuRAND)".
     *
     * @param file its name, of any version
     */
    public static String install(String file) {
        String small = file.toLowerCase(Locale.ROOT);
        if (small.startsWith("libcuda.") || small.startsWith("nvcuda")) {
            return "NVIDIA's driver";
        }
        for (int version : VERSIONS) {
            for (Platform platform : List.of(Platform.LINUX, Platform.WINDOWS)) {
                for (Library library : new CudaLibraries(platform, version).all()) {
                    boolean own = !library.name.equals("cuRAND") && library.use != Use.CUDNN;
                    if (own && library.file.toLowerCase(Locale.ROOT).equals(small)) {
                        return "CUDA " + version + " (its runtime libraries)";
                    }
                }
            }
        }
        if (small.contains("cudnn")) {
            return "cuDNN 9 for the CUDA of the natives";
        }
        return small.contains("curand") ? ANY : "the package that has " + file;
    }
}
