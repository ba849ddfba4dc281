package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.AttributeProto;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.onnx.proto.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces the {@code If} of a merged decoder by one of its branches, so that the tensors inside
 * can be asked for. Inputs that only the other branch read are dropped; every output stays.
 */
final class BranchInliner {
    /** The input that merged decoders choose their branch by. */
    static final String SWITCH = "use_cache_branch";

    private final ModelProto model;

    BranchInliner(ModelProto model) {
        this.model = model;
    }

    /** The model with the branch in place of its {@code If}; empty when it has none. */
    Optional<ModelProto> inline(boolean useCacheBranch) {
        GraphProto graph = model.getGraph();
        GraphProto result = graph;
        boolean found = false;
        for (int i = result.getNodeCount() - 1; i >= 0; i--) {
            GraphProto branch = branch(graph.getNode(i), useCacheBranch);
            if (branch != null) {
                result = replace(result, i, branch);
                found = true;
            }
        }
        return found
                ? Optional.of(model.toBuilder().setGraph(withoutUnread(result, graph)).build())
                : Optional.empty();
    }

    private static @Nullable GraphProto branch(NodeProto node, boolean useCacheBranch) {
        if (!node.getOpType().equals("If")
                || node.getInputCount() != 1
                || !node.getInput(0).equals(SWITCH)) {
            return null;
        }
        AttributeProto branch =
                Attributes.of(node).get(useCacheBranch ? "then_branch" : "else_branch");
        return branch == null
                        || !branch.hasG()
                        || branch.getG().getOutputCount() != node.getOutputCount()
                ? null
                : branch.getG();
    }

    private static GraphProto replace(GraphProto graph, int at, GraphProto branch) {
        NodeProto node = graph.getNode(at);
        Map<String, String> names = renames(graph, node, branch);
        GraphProto.Builder out = graph.toBuilder().clearNode();
        for (TensorProto initializer : branch.getInitializerList()) {
            String name = initializer.getName();
            out.addInitializer(initializer.toBuilder().setName(names.getOrDefault(name, name)));
        }
        out.addAllNode(graph.getNodeList().subList(0, at));
        Set<String> nodeNames = new HashSet<>();
        graph.getNodeList().forEach(each -> nodeNames.add(each.getName()));
        for (NodeProto inner : branch.getNodeList()) {
            out.addNode(withOwnName(Scopes.rename(inner, names), nodeNames));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            String inner = branch.getOutput(i).getName();
            String source = names.getOrDefault(inner, inner);
            String target = node.getOutput(i);
            if (!source.equals(target) && !target.isEmpty()) {
                out.addNode(identity(source, target));
            }
        }
        out.addAllNode(graph.getNodeList().subList(at + 1, graph.getNodeCount()));
        return out.build();
    }

    /** The runtime refuses two nodes of one name. */
    private static NodeProto withOwnName(NodeProto node, Set<String> taken) {
        String name = node.getName();
        while (!name.isEmpty() && taken.contains(name)) {
            name += "_";
        }
        taken.add(name);
        return name.equals(node.getName()) ? node : node.toBuilder().setName(name).build();
    }

    /** New names for what the branch defines under a name that is already taken. */
    private static Map<String, String> renames(
            GraphProto graph, NodeProto node, GraphProto branch) {
        Set<String> taken = Scopes.defined(graph);
        Set<String> inner = Scopes.defined(branch);
        Set<String> kept = new HashSet<>();
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (branch.getOutput(i).getName().equals(node.getOutput(i))) {
                kept.add(node.getOutput(i));
            }
        }
        Map<String, String> names = new HashMap<>();
        for (String name : inner) {
            if (taken.contains(name) && !kept.contains(name)) {
                String fresh = name + "_inlined";
                while (taken.contains(fresh) || inner.contains(fresh)) {
                    fresh += "_";
                }
                names.put(name, fresh);
                taken.add(fresh);
            }
        }
        return names;
    }

    private static NodeProto identity(String source, String target) {
        return NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(target + "_from_branch")
                .addInput(source)
                .addOutput(target)
                .build();
    }

    private static GraphProto withoutUnread(GraphProto graph, GraphProto before) {
        GraphIndex readBefore = new GraphIndex(before);
        GraphIndex readNow = new GraphIndex(graph);
        Set<String> outputs = new HashSet<>();
        graph.getOutputList().forEach(output -> outputs.add(output.getName()));
        GraphProto.Builder out = graph.toBuilder().clearInput();
        for (ValueInfoProto input : graph.getInputList()) {
            String name = input.getName();
            if (!readNow.uses(name).isEmpty()
                    || readBefore.uses(name).isEmpty()
                    || outputs.contains(name)) {
                out.addInput(input);
            }
        }
        return out.build();
    }
}
