package org.headlight.engine.cut;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The graph with its sites in place of what computed them. */
record SeamGraph(GraphProto graph) {
    private static final String DOMAIN = "headlight";
    private static final String OWN = "/own";

    /**
     * @param outputs those of the graph's outputs that are kept
     */
    static SeamGraph of(GraphProto graph, List<AttentionSite> sites, Set<String> outputs)
            throws UncuttableException {
        Map<String, Integer> contexts = new HashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            if (contexts.put(sites.get(i).context().tensor(), i) != null) {
                throw new UncuttableException(
                        "two sites give the tensor " + sites.get(i).context().tensor());
            }
        }
        GraphProto.Builder out = graph.toBuilder().clearNode().clearOutput();
        graph.getOutputList().stream()
                .filter(output -> outputs.contains(output.getName()))
                .forEach(out::addOutput);
        Set<String> found = new LinkedHashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            NodeProto.Builder rest = node.toBuilder();
            boolean others = false;
            for (int i = 0; i < node.getOutputCount(); i++) {
                String output = node.getOutput(i);
                if (contexts.containsKey(output)) {
                    found.add(output);
                    rest.setOutput(i, output + OWN);
                } else {
                    others |= !output.isEmpty();
                }
            }
            if (others) {
                out.addNode(rest);
            }
        }
        for (int i = 0; i < sites.size(); i++) {
            AttentionSite site = sites.get(i);
            if (!found.contains(site.context().tensor())) {
                throw new UncuttableException(
                        "no node makes the tensor "
                                + site.context().tensor()
                                + " that the site "
                                + site.node()
                                + " gives");
            }
            out.addNode(
                    NodeProto.newBuilder()
                            .setDomain(DOMAIN)
                            .setName(Integer.toString(i))
                            .addAllInput(SiteTensors.of(site))
                            .addOutput(site.context().tensor()));
        }
        return new SeamGraph(out.build());
    }

    static boolean isSeam(NodeProto node) {
        return node.getDomain().equals(DOMAIN);
    }

    static int site(NodeProto seam) {
        return Integer.parseInt(seam.getName());
    }
}
