package org.headlight.engine.cut;

import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** When each node runs. */
final class StagePlan {
    /** What depends on nothing but chance is never the same twice. */
    private static final Set<String> CHANCE =
            Set.of(
                    "RandomNormal",
                    "RandomUniform",
                    "RandomNormalLike",
                    "RandomUniformLike",
                    "Multinomial",
                    "Bernoulli",
                    "Dropout");

    /** Their results are small however large what they read is. */
    private static final Set<String> SIZES = Set.of("Shape", "Size");

    private final List<NodeProto> nodes;
    private final List<Set<String>> reads = new ArrayList<>();
    private final Map<String, Integer> producers = new HashMap<>();
    private final Set<String> seamReads = new LinkedHashSet<>();
    private final Set<String> outputs = new LinkedHashSet<>();
    private final boolean[] fixed;
    private final boolean[] needed;
    private final int[] level;
    private final int[] stage;
    private int last;

    StagePlan(GraphProto graph) {
        GraphIndex index = new GraphIndex(graph, null);
        nodes = index.nodes();
        fixed = new boolean[nodes.size()];
        needed = new boolean[nodes.size()];
        level = new int[nodes.size()];
        stage = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            reads.add(GraphIndex.reads(nodes.get(i)));
            for (String output : nodes.get(i).getOutputList()) {
                producers.putIfAbsent(output, i);
            }
        }
        producers.remove("");
        level(index);
        graph.getOutputList().forEach(output -> outputs.add(output.getName()));
        need();
        stage();
    }

    /** The earliest stage of each node: how many seams lie before it, one after another. */
    private void level(GraphIndex index) {
        for (int i = 0; i < nodes.size(); i++) {
            NodeProto node = nodes.get(i);
            boolean constant = !SeamGraph.isSeam(node) && !CHANCE.contains(node.getOpType());
            for (String tensor : reads.get(i)) {
                Integer producer = producers.get(tensor);
                if (producer == null) {
                    constant &= index.isInitializer(tensor);
                } else {
                    constant &= fixed[producer];
                    int after = SeamGraph.isSeam(nodes.get(producer)) ? 1 : 0;
                    level[i] = Math.max(level[i], level[producer] + after);
                }
            }
            fixed[i] = constant;
        }
    }

    private void need() {
        Set<String> wanted = new LinkedHashSet<>(outputs);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            boolean seam = SeamGraph.isSeam(nodes.get(i));
            needed[i] = seam || nodes.get(i).getOutputList().stream().anyMatch(wanted::contains);
            if (needed[i]) {
                wanted.addAll(reads.get(i));
            }
            if (seam) {
                seamReads.addAll(reads.get(i));
            }
        }
    }

    private void stage() {
        Map<String, Integer> latest = new HashMap<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (!runs(i)) {
                continue;
            }
            NodeProto node = nodes.get(i);
            int at = Integer.MAX_VALUE;
            for (String output : node.getOutputList()) {
                at = Math.min(at, latest.getOrDefault(output, Integer.MAX_VALUE));
                at = outputs.contains(output) ? level[i] : at;
            }
            boolean early =
                    SeamGraph.isSeam(node)
                            || at == Integer.MAX_VALUE
                            || SIZES.contains(node.getOpType())
                            || CHANCE.contains(node.getOpType());
            stage[i] = early ? level[i] : Math.max(at, level[i]);
            last = Math.max(last, stage[i]);
            for (String tensor : reads.get(i)) {
                latest.merge(tensor, stage[i], Math::min);
            }
        }
    }

    int size() {
        return nodes.size();
    }

    int stages() {
        return last + 1;
    }

    NodeProto node(int i) {
        return nodes.get(i);
    }

    Set<String> reads(int i) {
        return reads.get(i);
    }

    int stage(int i) {
        return stage[i];
    }

    /** Whether a node belongs to one stage: it is needed, and no constant. */
    boolean runs(int i) {
        return needed[i] && !fixed[i];
    }

    boolean readBySeam(String tensor) {
        return seamReads.contains(tensor);
    }

    /** Whether a tensor is an output of the whole graph. */
    boolean isOutput(String tensor) {
        return outputs.contains(tensor);
    }

    /** Whether a tensor is made from constants alone. */
    boolean fixed(String tensor) {
        Integer producer = producers.get(tensor);
        return producer != null && fixed[producer];
    }

    /** Adds the nodes that make the constants among some tensors, and those before them. */
    void addFixed(Set<String> tensors, Set<Integer> into) {
        List<String> open = new ArrayList<>(tensors);
        while (!open.isEmpty()) {
            String tensor = open.removeLast();
            Integer producer = producers.get(tensor);
            if (producer != null && fixed[producer] && into.add(producer)) {
                open.addAll(reads.get(producer));
            }
        }
    }
}
