package org.headlight.engine.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.cut.SeamAttention;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the whole graph gives on a few tokens, for the pieces of a cut to be held against. */
final class CutProbe {
    /** In 32 bits. */
    private static final double FLOAT_TOLERANCE = 1e-3;

    /** Where numbers of 16 bits are between. */
    private static final double HALF_TOLERANCE = 5e-2;

    /**
     * Where numbers of 8 bits are between, as a part of the largest: what they stand for is rounded
     * to steps, and the smallest difference before can move one of them to the next.
     */
    private static final double EIGHT_BITS = 0.05;

    private static final Set<String> COARSE =
            Set.of("DynamicQuantizeLinear", "QuantizeLinear", "MatMulInteger", "QAttention");

    private final int[] ids;
    private final int length;
    private final RuntimeSession session;
    private final String first;
    private final boolean half;
    private final boolean eightBits;
    private final Map<String, TensorInfo> types = new HashMap<>();
    private final Map<String, TensorInfo> given = new HashMap<>();
    private final Map<String, float[]> values = new HashMap<>();

    /**
     * Runs the whole graph.
     *
     * @param session the session that captures; its inputs are the graph's
     * @param ids tokens to run on
     * @param length the size of made-up inputs besides
     * @throws UncuttableException when the graph does not run so
     */
    CutProbe(
            ModelSkeleton graph,
            RuntimeSession session,
            List<AttentionSite> sites,
            int[] ids,
            int length,
            RunPlace place)
            throws UncuttableException {
        this.ids = ids.clone();
        this.length = length;
        this.session = session;
        this.first = MainOutput.of(graph);
        if (!graph.sharedBuffers().isEmpty()) {
            throw new UncuttableException("its past and present share one buffer");
        }
        Set<String> wanted = new HashSet<>();
        sites.forEach(site -> wanted.add(site.context().tensor()));
        for (String tensor : wanted) {
            if (!graph.index().has(tensor)) {
                throw new UncuttableException("its graph has no tensor " + tensor);
            }
        }
        Set<String> outputs = new HashSet<>(wanted);
        outputs.add(first);
        try (RuntimeSession whole =
                        RuntimeSession.beside(
                                place,
                                there ->
                                        RuntimeSession.open(
                                                graph.withOutputs(wanted),
                                                there,
                                                session.owner()));
                Feeds feeds = feeds();
                OrtSession.Result result = whole.run(feeds, outputs, Progress.NONE)) {
            for (String output : outputs) {
                whole.output(output).ifPresent(info -> types.put(output, info));
                OnnxTensor tensor = RunRecorder.tensor(result, output);
                given.put(output, tensor.getInfo());
                values.put(output, TensorValues.floats(output, tensor));
            }
        } catch (BadInputException | RunFailure e) {
            throw new UncuttableException("the whole graph does not run: " + e.getMessage(), e);
        }
        this.half =
                types.values().stream()
                        .anyMatch(info ->
                                switch (info.type) {
                                    case FLOAT16, BFLOAT16 -> true;
                                    default -> false;
                                });
        this.eightBits =
                graph.index().nodes().stream().map(NodeProto::getOpType).anyMatch(COARSE::contains);
    }

    /** Whether what the sites give is in halves, of the kind that has few exponents. */
    boolean halves() {
        return types.values().stream().anyMatch(info -> info.type == OnnxJavaType.FLOAT16)
                && types.values().stream().noneMatch(info -> info.type == OnnxJavaType.BFLOAT16);
    }

    private Feeds feeds() {
        return WholeFeeds.of(session, Probe.others(session, length), ids);
    }

    private double tolerance(String name) {
        double tolerance = half ? HALF_TOLERANCE : FLOAT_TOLERANCE;
        if (eightBits) {
            for (float value : values.getOrDefault(name, new float[0])) {
                tolerance = Math.max(tolerance, EIGHT_BITS * Math.abs(value));
            }
        }
        return tolerance;
    }

    /** What the runtime knows of the tensors that the sites give. */
    Map<String, TensorInfo> types() {
        return types;
    }

    /** What a run gave as a tensor of the probe. */
    TensorInfo given(String tensor) {
        return Objects.requireNonNull(given.get(tensor));
    }

    int tokens() {
        return ids.length;
    }

    /**
     * Holds pieces against the whole.
     *
     * @return the largest difference of the first output
     * @throws UncuttableException when it is too large, or the pieces do not run
     */
    double check(CutRun.Pieces pieces, SeamAttention attention) throws UncuttableException {
        List<String> off = new ArrayList<>();
        try (Feeds feeds = feeds();
                CutRun run =
                        new CutRun(
                                        pieces,
                                        attention,
                                        feeds,
                                        RunRecorder.frames(ids.length),
                                        SeamHooks.NONE,
                                        Long.MAX_VALUE)
                                .observed((site, array) -> note(site, array, off))) {
            run.run(Set.of(first), Progress.NONE);
            double difference = difference(first, TensorValues.floats(first, run.output(first)));
            double tolerance = tolerance(first);
            if (!(difference <= tolerance)) {
                throw new UncuttableException(
                        String.format(
                                Locale.ROOT,
                                "its result in pieces differs from that of the whole by %.3g, more"
                                        + " than %.3g%s",
                                difference,
                                tolerance,
                                off.isEmpty() ? "" : "; the first to differ is " + off.getFirst()));
            }
            return difference;
        } catch (RunFailure e) {
            throw new UncuttableException("its pieces do not run: " + e.getMessage(), e);
        } catch (SiteFailure e) {
            throw new UncuttableException("the site " + e.node() + ": " + e.getMessage(), e);
        }
    }

    private void note(AttentionSite site, HeadArray array, List<String> off) {
        double difference = difference(site.context().tensor(), array.values());
        if (!(difference <= tolerance(site.context().tensor()))) {
            off.add("the site " + site.node());
        }
    }

    private double difference(String name, float[] mine) {
        float[] own = values.getOrDefault(name, new float[0]);
        if (own.length != mine.length) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < own.length; i++) {
            boolean same = Float.compare(own[i], mine[i]) == 0;
            double now = same ? 0 : Math.abs((double) own[i] - mine[i]);
            largest = Double.isNaN(now) ? Double.POSITIVE_INFINITY : Math.max(largest, now);
        }
        return largest;
    }
}
