package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.OperatorSetIdProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model without its weights: the graph, small constants, and for every large tensor the place in
 * the user's files where its bytes lie. It takes kilobytes where the model takes gigabytes, it can
 * be edited freely, and the runtime loads it with the original weights. Immutable; nothing is
 * written anywhere.
 */
public final class ModelSkeleton {
    /** The standard operators that added nodes get in a graph that has none. */
    private static final long STANDARD_OPSET = 17;

    /** The input of SparseAttention with the past keys. */
    private static final int SPARSE_PAST = 3;

    private final Path file;
    private final String hash;
    private final Path folder;
    private final ModelProto model;
    private final GraphIndex index;

    ModelSkeleton(Path file, String hash, Path folder, ModelProto model) {
        this.file = file;
        this.hash = hash;
        this.folder = folder;
        this.model = model;
        this.index = new GraphIndex(model.getGraph());
    }

    /**
     * Opens an .onnx file without loading its weights.
     *
     * @throws org.headlight.engine.problem.BadInputException when it is not an ONNX model, is cut
     *     short or damaged, or the files with its weights are missing or too short
     * @throws org.headlight.engine.problem.TooLargeException when the graph alone would not fit
     */
    public static ModelSkeleton open(Path onnxFile) {
        return new SkeletonOpener(onnxFile).open();
    }

    /** The file as it was opened. */
    public Path file() {
        return file;
    }

    /** First 12 hex digits of the SHA-256 of the .onnx file. */
    public String hash() {
        return hash;
    }

    /** The inputs that must be fed, in the order of the file. */
    public List<GraphValue> graphInputs() {
        return model.getGraph().getInputList().stream()
                .filter(input -> index.isInput(input.getName()))
                .map(GraphValue::of)
                .toList();
    }

    /** The outputs of the graph as the file has it. */
    public List<GraphValue> graphOutputs() {
        return model.getGraph().getOutputList().stream().map(GraphValue::of).toList();
    }

    /** Rows of the table that token ids are looked up in; 0 when none was recognised. */
    public int vocabulary() {
        return new TokenTable(index).rows();
    }

    /** Producers, readers and constants of the main graph. */
    public GraphIndex index() {
        return index;
    }

    /** The parsed model; its large tensors are references. */
    public ModelProto model() {
        return model;
    }

    /** The version of the operators of a domain ("" is ONNX itself); 0 when it is not imported. */
    public long opset(String domain) {
        for (OperatorSetIdProto opset : model.getOpsetImportList()) {
            boolean standard = opset.getDomain().equals("ai.onnx");
            if ((standard ? "" : opset.getDomain()).equals(domain)) {
                return opset.getVersion();
            }
        }
        return 0;
    }

    /** Whether the graph chooses between two branches by an input {@code use_cache_branch}. */
    public boolean merged() {
        return new BranchInliner(model).inline(false).isPresent();
    }

    /**
     * The model with one branch of a merged decoder in place of its {@code If}; this model when it
     * is not merged. Inputs that the branch does not read are gone.
     */
    public ModelSkeleton inlined(boolean useCacheBranch) {
        return new BranchInliner(model)
                .inline(useCacheBranch)
                .map(inlined -> new ModelSkeleton(file, hash, folder, inlined))
                .orElse(this);
    }

    /** The model with more nodes, at the end of its graph, and the operators that they need. */
    public ModelSkeleton with(GraphAddition addition) {
        if (addition.nodes().isEmpty()) {
            return this;
        }
        ModelProto.Builder out = model.toBuilder();
        addition.nodes().stream()
                .map(NodeProto::getDomain)
                .distinct()
                .filter(domain -> opset(domain) == 0)
                .forEach(domain ->
                        out.addOpsetImport(
                                OperatorSetIdProto.newBuilder()
                                        .setDomain(domain)
                                        .setVersion(domain.isEmpty() ? STANDARD_OPSET : 1)));
        GraphProto graph =
                model.getGraph().toBuilder()
                        .addAllNode(addition.nodes())
                        .addAllInitializer(addition.constants())
                        .build();
        return new ModelSkeleton(file, hash, folder, out.setGraph(graph).build());
    }

    /**
     * Outputs, by the input that each must share its memory with: operators that append to a cache
     * in place want it to be one buffer.
     */
    public Map<String, String> sharedBuffers() {
        Map<String, String> shared = new HashMap<>();
        for (NodeProto node : index.nodes()) {
            if (!node.getOpType().equals("SparseAttention") || node.getOutputCount() < 3) {
                continue;
            }
            for (int part = 0; part < 2; part++) {
                String past = node.getInput(SPARSE_PAST + part);
                if (index.isInput(past)) {
                    shared.put(past, node.getOutput(1 + part));
                }
            }
        }
        return Map.copyOf(shared);
    }

    /**
     * The graph with these tensors as outputs besides its own, which all stay.
     *
     * @param tensors names of tensors of the main graph
     * @throws IllegalArgumentException when the graph has no tensor of that name
     */
    public SessionGraph withOutputs(Collection<String> tensors) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        Set<String> present = new HashSet<>();
        graph.getOutputList().forEach(output -> present.add(output.getName()));
        for (String tensor : tensors) {
            if (!index.has(tensor)) {
                throw new IllegalArgumentException("no tensor '" + tensor + "' in " + file);
            }
            if (present.add(tensor)) {
                graph.addOutput(ValueInfoProto.newBuilder().setName(tensor));
            }
        }
        return new SessionGraph(
                model.toBuilder().setGraph(graph).build().toByteArray(), folder, sharedBuffers());
    }

    /** Another graph over the same weights, such as a part of this one. */
    public SessionGraph part(GraphProto graph) {
        return new SessionGraph(
                model.toBuilder().setGraph(graph).build().toByteArray(), folder, Map.of());
    }
}
