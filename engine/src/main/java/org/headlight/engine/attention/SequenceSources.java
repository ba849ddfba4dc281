package org.headlight.engine.attention;

import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells self- from cross-attention by where queries and keys come from: the same stream of hidden
 * states, or different ones. A stream is followed from the tensors that are projected into queries
 * and keys back through normalisations and residual additions; where a projection is not in the
 * graph (keys out of a cache), the graph's inputs decide.
 */
final class SequenceSources {
    private static final int MAX_TENSORS = 4096;
    private static final Set<String> PROJECTIONS =
            Set.of(
                    "MatMul",
                    "Gemm",
                    "FusedMatMul",
                    "MatMulInteger",
                    "MatMulNBits",
                    "QLinearMatMul",
                    "MatMulIntegerToFloat",
                    "DynamicQuantizeMatMul",
                    "FusedGemm",
                    "Conv",
                    "Einsum",
                    "DynamicQuantizeLinear",
                    "MatMulBnb4",
                    "GemmFastGelu");
    private static final Set<String> STREAM =
            Set.of(
                    "Add",
                    "Sub",
                    "Mul",
                    "Div",
                    "Pow",
                    "Sqrt",
                    "Reciprocal",
                    "ReduceMean",
                    "Cast",
                    "Identity",
                    "Dropout",
                    "Reshape",
                    "Transpose",
                    "Squeeze",
                    "Unsqueeze",
                    "Flatten",
                    "LayerNormalization",
                    "SimplifiedLayerNormalization",
                    "RMSNormalization",
                    "SkipLayerNormalization",
                    "SkipSimplifiedLayerNormalization",
                    "QuantizeLinear",
                    "DequantizeLinear",
                    "DynamicQuantizeLinear");

    private final GraphIndex index;
    private final Weights weights;
    private final Map<String, BitSet> sources = new HashMap<>();

    SequenceSources(GraphIndex index, Weights weights) {
        this.index = index;
        this.weights = weights;
        List<String> inputs = new ArrayList<>(index.inputs());
        Collections.sort(inputs);
        for (int i = 0; i < inputs.size(); i++) {
            BitSet own = new BitSet();
            own.set(i);
            sources.put(inputs.get(i), own);
        }
        for (NodeProto node : index.nodes()) {
            addNode(node);
        }
    }

    private void addNode(NodeProto node) {
        if (Ops.SIZES.contains(node.getOpType())) {
            return;
        }
        BitSet all = new BitSet();
        for (String input : node.getInputList()) {
            BitSet of = sources.get(input);
            if (of != null) {
                all.or(of);
            }
        }
        for (String output : node.getOutputList()) {
            sources.put(output, all);
        }
    }

    /** Whether queries and keys come from the same sequence. */
    SiteKind kind(String query, String key) {
        Set<String> queryRoots = projected(query);
        Set<String> keyRoots = projected(key);
        if (!queryRoots.isEmpty() && !keyRoots.isEmpty()) {
            Set<String> shared = stream(queryRoots);
            shared.retainAll(stream(keyRoots));
            return shared.isEmpty() ? SiteKind.CROSS : SiteKind.SELF;
        }
        BitSet missing = (BitSet) sources.getOrDefault(query, new BitSet()).clone();
        boolean none = missing.isEmpty();
        missing.andNot(sources.getOrDefault(key, new BitSet()));
        return none || !missing.isEmpty() ? SiteKind.CROSS : SiteKind.SELF;
    }

    /** What is projected by learned weights into a tensor, by the projections nearest to it. */
    private Set<String> projected(String tensor) {
        Set<String> roots = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of(tensor));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty() && seen.size() < MAX_TENSORS) {
            NodeProto node = index.producer(open.remove());
            if (node == null || node.getInputCount() == 0 || Ops.SIZES.contains(node.getOpType())) {
                continue;
            }
            if (isProjection(node)) {
                roots.add(node.getInput(0));
                continue;
            }
            for (String input : node.getInputList()) {
                if (sources.containsKey(input) && seen.add(input)) {
                    open.add(input);
                }
            }
        }
        return roots;
    }

    private boolean isProjection(NodeProto node) {
        String op = node.getOpType();
        if (!PROJECTIONS.contains(op)) {
            return false;
        }
        boolean learned = node.getInputCount() > 1 && weights.isLearned(node.getInput(1));
        return op.equals("DynamicQuantizeLinear") || learned;
    }

    private Set<String> stream(Set<String> roots) {
        Deque<String> open = new ArrayDeque<>(roots);
        Set<String> seen = new HashSet<>(roots);
        while (!open.isEmpty() && seen.size() < MAX_TENSORS) {
            NodeProto node = index.producer(open.remove());
            if (node == null || !STREAM.contains(node.getOpType())) {
                continue;
            }
            for (String input : node.getInputList()) {
                if (sources.containsKey(input) && seen.add(input)) {
                    open.add(input);
                }
            }
        }
        return seen;
    }
}
