package org.headlight.engine.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import org.headlight.engine.device.CudaProvider;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.NvidiaMachine;
import org.headlight.engine.device.RuntimeLibrary;
import org.headlight.engine.device.RuntimeWords;
import org.headlight.engine.onnx.SessionGraph;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A session of ONNX Runtime on one device, whose failures are sentences for people. */
final class RuntimeSession implements AutoCloseable {
    /** Makes a session from its options. */
    private interface Maker {
        OrtSession make(OrtEnvironment environment, OrtSession.SessionOptions options)
                throws OrtException;
    }

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String owner;
    private final List<GraphInput> inputs;
    private final Map<String, TensorInfo> outputTensors = new HashMap<>();
    private final DeviceArena arena;
    private Map<String, String> shared = Map.of();
    private boolean closed;

    private RuntimeSession(
            OrtEnvironment environment, OrtSession session, RunPlace place, String owner)
            throws OrtException {
        this.environment = environment;
        this.arena = new DeviceArena(place.device());
        this.session = session;
        this.owner = owner;
        this.inputs =
                session.getInputInfo().entrySet().stream()
                        .map(e -> GraphInput.of(e.getKey(), e.getValue()))
                        .toList();
        session.getOutputInfo()
                .forEach((name, node) -> {
                    if (node.getInfo() instanceof TensorInfo info) {
                        outputTensors.put(name, info);
                    }
                });
    }

    /**
     * Opens an edited graph.
     *
     * @param owner the model's file, for messages
     * @throws BadInputException when the runtime refuses it
     */
    static RuntimeSession open(SessionGraph graph, RunPlace place, String owner) {
        RuntimeSession session =
                open(
                        place,
                        owner,
                        (environment, options) -> {
                            options.addConfigEntry(
                                    SessionGraph.FOLDER_OPTION, graph.externalFolder().toString());
                            return environment.createSession(graph.bytes(), options);
                        });
        session.shared = graph.sharedBuffers();
        return session;
    }

    /**
     * Opens a file as it is.
     *
     * @throws BadInputException when the runtime refuses it
     */
    static RuntimeSession open(Path file, RunPlace place, String owner) {
        return open(
                place,
                owner,
                (environment, options) -> environment.createSession(file.toString(), options));
    }

    /**
     * Opens a session that only compares: where it is told, or on the processor where the device
     * has no room for it beside what is there.
     *
     * @param opening opens it at a place
     * @throws BadInputException when the runtime refuses it
     */
    static RuntimeSession beside(RunPlace place, Function<RunPlace, RuntimeSession> opening) {
        try {
            return opening.apply(place);
        } catch (BadInputException e) {
            if (place.device() instanceof Device.Cpu
                    || !OutOfMemory.is(String.valueOf(e.getMessage()))) {
                throw e;
            }
            return opening.apply(RunPlace.cpu(place.threads()));
        }
    }

    private static RuntimeSession open(RunPlace place, String owner, Maker maker) {
        OrtEnvironment environment = RuntimeLibrary.ofProcess().environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            environment.setTelemetry(false);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setIntraOpNumThreads(place.threads());
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            if (place.device() instanceof Device.Cuda cuda) {
                new CudaProvider(NvidiaMachine.here()).add(options, cuda);
            }
            return new RuntimeSession(environment, maker.make(environment, options), place, owner);
        } catch (OrtException e) {
            throw new BadInputException(owner + " cannot be run: " + reason(e) + ".", e);
        }
    }

    /** Outputs, by the input that each must share its memory with. */
    Map<String, String> sharedBuffers() {
        return shared;
    }

    /** The same session with such outputs. */
    RuntimeSession sharing(Map<String, String> buffers) {
        shared = Map.copyOf(buffers);
        return this;
    }

    OrtEnvironment environment() {
        return environment;
    }

    List<GraphInput> inputs() {
        return inputs;
    }

    Set<String> outputs() {
        return session.getOutputNames();
    }

    /** The type of an output's elements. */
    OnnxJavaType outputType(String output) {
        TensorInfo info = outputTensors.get(output);
        return info == null ? OnnxJavaType.UNKNOWN : info.type;
    }

    /** Type and shape of an output, as far as the runtime infers them; empty when no tensor. */
    Optional<TensorInfo> output(String output) {
        return Optional.ofNullable(outputTensors.get(output));
    }

    /**
     * Runs the graph.
     *
     * @param outputs the outputs that are wanted; the runtime computes the others, too, but does
     *     not hand them out
     * @throws CancelledException soon after the progress is cancelled
     * @throws RunFailure when the runtime fails
     */
    OrtSession.Result run(Feeds feeds, Set<String> outputs, Progress progress) {
        progress.check();
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (CancelWatch watch = new CancelWatch(progress, options)) {
                Set<String> made = new HashSet<>(outputs);
                made.removeAll(feeds.pinned().keySet());
                arena.shrinkAfter(feeds.rows(), options);
                OrtSession.Result result =
                        session.run(feeds.tensors(), made, feeds.pinned(), options);
                if (watch.fired()) {
                    result.close();
                    throw new CancelledException();
                }
                return result;
            }
        } catch (OrtException e) {
            progress.check();
            if (arena.refused(String.valueOf(e.getMessage()))) {
                return run(feeds, outputs, progress);
            }
            throw new RunFailure(reason(e), e);
        }
    }

    private static String reason(OrtException e) {
        return RuntimeWords.of(String.valueOf(e.getMessage()));
    }

    String owner() {
        return owner;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("The session of " + owner + " cannot be closed.", e);
        }
    }
}
