package org.headlight.engine.onnx;

import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts the nodes of a graph so that each comes after those it reads. Some optimisers append nodes
 * at the end of the file. A cycle, which no runtime would accept, is broken anywhere.
 */
final class RunOrder {
    private final List<NodeProto> nodes;
    private final Map<String, Integer> producers = new HashMap<>();
    private final boolean[] entered;
    private final boolean[] placed;
    private final List<NodeProto> order;

    RunOrder(GraphProto graph) {
        this.nodes = graph.getNodeList();
        this.entered = new boolean[nodes.size()];
        this.placed = new boolean[nodes.size()];
        this.order = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).getOutputList()) {
                if (!output.isEmpty()) {
                    producers.putIfAbsent(output, i);
                }
            }
        }
    }

    List<NodeProto> sort() {
        Deque<Integer> stack = new ArrayDeque<>();
        for (int i = 0; i < nodes.size(); i++) {
            stack.push(i);
            while (!stack.isEmpty()) {
                int at = stack.peek();
                if (!entered[at]) {
                    entered[at] = true;
                    pushInputs(at, stack);
                } else {
                    stack.pop();
                    if (!placed[at]) {
                        placed[at] = true;
                        order.add(nodes.get(at));
                    }
                }
            }
        }
        return List.copyOf(order);
    }

    private void pushInputs(int at, Deque<Integer> stack) {
        NodeProto node = nodes.get(at);
        List<String> inputs = new ArrayList<>(node.getInputList());
        inputs.addAll(Scopes.captured(node));
        for (String input : inputs.reversed()) {
            Integer producer = producers.get(input);
            if (producer != null && !entered[producer]) {
                stack.push(producer);
            }
        }
    }
}
