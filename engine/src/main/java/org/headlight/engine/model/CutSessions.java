package org.headlight.engine.model;

import ai.onnxruntime.TensorInfo;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.cut.CutGraph;
import org.headlight.engine.cut.Segment;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.onnx.ElementType;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.TensorShapeProto;
import org.headlight.engine.onnx.proto.Onnx.TypeProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A session for each piece of a cut graph, over the weights of the user's file. */
final class CutSessions implements AutoCloseable {
    private final CutGraph cut;
    private final List<Optional<RuntimeSession>> sessions = new ArrayList<>();

    private CutSessions(CutGraph cut) {
        this.cut = cut;
    }

    /** Opens the pieces one after the other: each tells the types of what the next ones take. */
    private static final class Opening {
        private final ModelSkeleton graph;
        private final Map<String, ValueInfoProto> known = new HashMap<>();
        private final Map<String, ValueInfoProto> outputs = new HashMap<>();
        private final Set<String> symbols = new HashSet<>();
        private final RunPlace place;
        private final String owner;

        Opening(ModelSkeleton graph, RunPlace place, String owner) {
            this.graph = graph;
            this.place = place;
            this.owner = owner;
            for (ValueInfoProto input : graph.model().getGraph().getInputList()) {
                known.put(input.getName(), input);
                input.getType()
                        .getTensorType()
                        .getShape()
                        .getDimList()
                        .forEach(dim -> symbols.add(dim.getDimParam()));
            }
            symbols.remove("");
            for (ValueInfoProto output : graph.model().getGraph().getOutputList()) {
                outputs.put(output.getName(), output);
            }
        }

        void know(String tensor, Optional<TensorInfo> info) throws UncuttableException {
            if (info.isEmpty()) {
                throw new UncuttableException(
                        "the value " + tensor + ", which crosses a cut, is not a tensor");
            }
            known.put(tensor, value(tensor, info.get()));
        }

        private ValueInfoProto value(String name, TensorInfo info) {
            TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
            long[] dims = info.getShape();
            @Nullable String[] names = info.getDimensionNames();
            for (int i = 0; i < dims.length; i++) {
                TensorShapeProto.Dimension.Builder dim = shape.addDimBuilder();
                String symbol = i < names.length ? names[i] : null;
                if (dims[i] >= 0) {
                    dim.setDimValue(dims[i]);
                } else if (symbol != null && symbols.contains(symbol)) {
                    // Names that a session makes up mean something else in another one.
                    dim.setDimParam(symbol);
                }
            }
            TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder().setElemType(number(info));
            if (dims.length > 0) {
                // No dimensions may also mean that the runtime knows of none.
                type.setShape(shape);
            }
            return ValueInfoProto.newBuilder()
                    .setName(name)
                    .setType(TypeProto.newBuilder().setTensorType(type))
                    .build();
        }

        /** The runtime's name for a type ends with the format's. */
        private static int number(TensorInfo info) {
            String name = info.onnxType.name();
            for (ElementType type : ElementType.values()) {
                if (name.endsWith("_" + type.name())) {
                    return type.number();
                }
            }
            return ElementType.UNDEFINED.number();
        }

        RuntimeSession session(Segment segment) throws UncuttableException {
            GraphProto.Builder body = segment.body().toBuilder();
            for (String input : segment.inputs()) {
                ValueInfoProto value = known.get(input);
                if (value == null) {
                    throw new UncuttableException("nothing makes the tensor " + input);
                }
                body.addInput(value);
            }
            for (String output : segment.outputs()) {
                ValueInfoProto plain = ValueInfoProto.newBuilder().setName(output).build();
                body.addOutput(outputs.getOrDefault(output, plain));
            }
            try {
                return RuntimeSession.open(graph.part(body.build()), place, owner);
            } catch (BadInputException e) {
                throw new UncuttableException(
                        "a piece of it is refused by the runtime: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Opens the sessions.
     *
     * @param contexts what the runtime knows of the tensors that the sites give
     * @throws UncuttableException when something other than a tensor crosses a cut, or the runtime
     *     refuses a piece
     */
    static CutSessions open(
            ModelSkeleton graph,
            CutGraph cut,
            Map<String, TensorInfo> contexts,
            RunPlace place,
            String owner)
            throws UncuttableException {
        CutSessions all = new CutSessions(cut);
        boolean done = false;
        try {
            Opening opening = new Opening(graph, place, owner);
            for (AttentionSite site : cut.sites()) {
                String context = site.context().tensor();
                opening.know(context, Optional.ofNullable(contexts.get(context)));
            }
            for (Segment segment : cut.segments()) {
                if (segment.empty()) {
                    all.sessions.add(Optional.empty());
                    continue;
                }
                RuntimeSession session = opening.session(segment);
                all.sessions.add(Optional.of(session));
                for (String output : segment.outputs()) {
                    opening.know(output, session.output(output));
                }
            }
            done = true;
            return all;
        } finally {
            if (!done) {
                all.close();
            }
        }
    }

    CutGraph cut() {
        return cut;
    }

    /** The session of a segment; empty when there is nothing to run. */
    Optional<RuntimeSession> of(int segment) {
        return sessions.get(segment);
    }

    @Override
    public void close() {
        sessions.forEach(session -> session.ifPresent(RuntimeSession::close));
        sessions.clear();
    }
}
