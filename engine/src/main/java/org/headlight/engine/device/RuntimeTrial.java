package org.headlight.engine.device;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * Tries a device by a real run of the runtime: a product and a softmax, none of which may fall to
 * the processor, held against the same in Java.
 */
public final class RuntimeTrial implements DeviceTrial {
    private static final double TOLERANCE = 1e-4;

    private final RuntimeLibrary library;
    private final CudaProvider provider;

    public RuntimeTrial(RuntimeLibrary library, GpuMachine machine) {
        this.library = library;
        this.provider = new CudaProvider(machine);
    }

    @Override
    public Optional<String> refusal(Device.Cuda device) {
        try {
            OrtEnvironment environment = library.environment();
            double difference = difference(environment, device);
            return difference <= TOLERANCE
                    ? Optional.empty()
                    : Optional.of(
                            device.label() + " cannot be used: its trial run gave wrong numbers.");
        } catch (OrtException e) {
            return Optional.of(DeviceWords.of(device, String.valueOf(e.getMessage())));
        } catch (LinkageError e) {
            return Optional.of(
                    device.label()
                            + " cannot be used: the runtime's libraries cannot be loaded ("
                            + e.getMessage()
                            + ").");
        }
    }

    private double difference(OrtEnvironment environment, Device.Cuda device) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setIntraOpNumThreads(1);
            provider.add(options, device);
            options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
            try (OrtSession session = environment.createSession(TrialGraph.bytes(), options)) {
                return difference(environment, session);
            }
        }
    }

    /** The largest difference between what a session of the trial's graph gives and the truth. */
    static double difference(OrtEnvironment environment, OrtSession session) throws OrtException {
        float[] input = TrialGraph.input();
        long[] shape = {TrialGraph.SIZE, TrialGraph.SIZE};
        try (OnnxTensor x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), shape);
                OrtSession.Result result = session.run(Map.of(TrialGraph.IN, x))) {
            return TrialGraph.difference(((OnnxTensor) result.get(0)).getFloatBuffer());
        }
    }
}
