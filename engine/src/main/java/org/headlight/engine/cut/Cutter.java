package org.headlight.engine.cut;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.GraphProto;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cuts a graph at attention sites. Each site is put in place of the nodes that computed it: those
 * that nothing else needs are gone, the sites that were not chosen stay as they are. A node runs as
 * late as what reads it allows, so that little crosses a cut; what only constants go into is
 * repeated in every segment that reads it. Weights stay where they lie.
 */
public final class Cutter {
    private final ModelSkeleton skeleton;
    private final List<AttentionSite> sites;
    private final SeamGraph seams;

    private Cutter(ModelSkeleton skeleton, List<AttentionSite> sites, Set<String> outputs)
            throws UncuttableException {
        this.skeleton = skeleton;
        this.sites = sites;
        this.seams = SeamGraph.of(skeleton.model().getGraph(), sites, outputs);
    }

    /**
     * Cuts.
     *
     * @param skeleton the graph that runs, with every tensor that the sites name
     * @param sites where to cut; in any order
     * @param outputs those of the graph's outputs that the pieces shall make; what only others need
     *     is gone, since the runtime runs every node of a piece whatever is asked for
     * @throws UncuttableException when what a site gives is not one tensor of the graph
     */
    public static CutGraph cut(
            ModelSkeleton skeleton, List<AttentionSite> sites, Set<String> outputs)
            throws UncuttableException {
        return new Cutter(skeleton, sites, outputs).cut();
    }

    private CutGraph cut() {
        StagePlan plan = new StagePlan(seams.graph());
        Map<String, TensorProto> weights = new HashMap<>();
        for (TensorProto weight : skeleton.model().getGraph().getInitializerList()) {
            weights.put(weight.getName(), weight);
        }
        Map<String, Integer> lastUse = lastUse(plan);
        List<Segment> segments = new ArrayList<>();
        for (int stage = 0; stage < plan.stages(); stage++) {
            segments.add(segment(plan, stage, weights, lastUse));
        }
        return new CutGraph(segments, sites, crossing(segments, lastUse));
    }

    /** For each tensor, the last stage in which a node or a seam reads it. */
    private Map<String, Integer> lastUse(StagePlan plan) {
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < plan.size(); i++) {
            if (plan.runs(i)) {
                int stage = plan.stage(i);
                plan.reads(i).forEach(tensor -> last.merge(tensor, stage, Math::max));
            }
        }
        return last;
    }

    private static Map<String, Integer> crossing(
            List<Segment> segments, Map<String, Integer> lastUse) {
        Set<String> named = new LinkedHashSet<>();
        segments.forEach(segment -> named.addAll(segment.inputs()));
        segments.forEach(segment -> named.addAll(segment.outputs()));
        Map<String, Integer> crossing = new HashMap<>();
        named.forEach(name -> crossing.put(name, lastUse.getOrDefault(name, -1)));
        return crossing;
    }

    private Segment segment(
            StagePlan plan,
            int stage,
            Map<String, TensorProto> weights,
            Map<String, Integer> lastUse) {
        TreeSet<Integer> nodes = new TreeSet<>();
        List<Integer> here = new ArrayList<>();
        Set<String> read = new LinkedHashSet<>();
        Set<String> outputs = new LinkedHashSet<>();
        for (int i = 0; i < plan.size(); i++) {
            if (!plan.runs(i) || plan.stage(i) != stage) {
                continue;
            }
            if (SeamGraph.isSeam(plan.node(i))) {
                here.add(SeamGraph.site(plan.node(i)));
                plan.reads(i).stream()
                        .filter(t -> plan.fixed(t) || weights.containsKey(t))
                        .forEach(outputs::add);
            } else {
                nodes.add(i);
                read.addAll(plan.reads(i));
                for (String output : plan.node(i).getOutputList()) {
                    if (leaves(plan, output, stage, lastUse)) {
                        outputs.add(output);
                    }
                }
            }
        }
        read.addAll(outputs);
        Map<String, TensorProto> constants = new LinkedHashMap<>();
        plan.addFixed(read, nodes);
        nodes.forEach(i -> read.addAll(plan.reads(i)));
        read.stream()
                .filter(weights::containsKey)
                .forEach(name -> constants.put(name, weights.get(name)));
        Set<String> made = new LinkedHashSet<>(constants.keySet());
        nodes.forEach(i -> made.addAll(plan.node(i).getOutputList()));
        read.removeAll(made);
        GraphProto.Builder body =
                GraphProto.newBuilder()
                        .setName(skeleton.model().getGraph().getName() + "_" + stage)
                        .addAllInitializer(constants.values());
        nodes.forEach(i -> body.addNode(plan.node(i)));
        return new Segment(body.build(), List.copyOf(read), outputs, here);
    }

    private static boolean leaves(
            StagePlan plan, String tensor, int stage, Map<String, Integer> lastUse) {
        return !tensor.isEmpty()
                && (lastUse.getOrDefault(tensor, 0) > stage
                        || plan.readBySeam(tensor)
                        || plan.isOutput(tensor));
    }
}
