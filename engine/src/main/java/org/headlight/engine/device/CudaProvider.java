package org.headlight.engine.device;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts the CUDA provider into the options of a session.
 *
 * <p>Numbers of 32 bits are computed in 32 bits, not in the 19 of TF32, so that CUDA gives what the
 * processor gives. Memory grows in powers of two: by what is asked for, each step of a response
 * would leave behind what it took, since the next one needs a little more. Weights stay out of
 * that, in memory of their own size. Without cuDNN, which models of attention hardly need, the
 * runtime is told to do without it, which it can from 1.29 on.
 */
public final class CudaProvider {
    private final GpuMachine machine;

    public CudaProvider(GpuMachine machine) {
        this.machine = machine;
    }

    /**
     * Adds the provider.
     *
     * @throws OrtException when the runtime cannot load it, with the runtime's reason
     */
    public void add(OrtSession.SessionOptions options, Device.Cuda device) throws OrtException {
        Map<String, String> settings = settings(device);
        options.addConfigEntry("session.use_device_allocator_for_initializers", "1");
        try {
            add(options, settings);
        } catch (OrtException e) {
            // Before 1.29 the runtime knows of no such setting, and always wants cuDNN.
            if (settings.remove("enable_cudnn") == null
                    || !String.valueOf(e.getMessage()).contains("enable_cudnn")) {
                throw e;
            }
            add(options, settings);
        }
    }

    /** What the provider is told, by the names that it knows. */
    Map<String, String> settings(Device.Cuda device) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("device_id", Integer.toString(device.index()));
        settings.put("use_tf32", "0");
        settings.put("arena_extend_strategy", "kNextPowerOfTwo");
        settings.put("cudnn_conv_algo_search", "HEURISTIC");
        boolean cudnn =
                CudaLibraries.VERSIONS.stream()
                        .flatMap(v -> new CudaLibraries(machine.platform(), v).all().stream())
                        .filter(library -> library.use() == CudaLibraries.Use.CUDNN)
                        .anyMatch(library -> machine.has(library.file()));
        if (!cudnn) {
            settings.put("enable_cudnn", "0");
        }
        return settings;
    }

    private static void add(OrtSession.SessionOptions options, Map<String, String> settings)
            throws OrtException {
        try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions()) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                provider.add(setting.getKey(), setting.getValue());
            }
            options.addCUDA(provider);
        }
    }
}
