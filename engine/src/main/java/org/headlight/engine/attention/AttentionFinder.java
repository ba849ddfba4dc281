package org.headlight.engine.attention;

import org.headlight.engine.attention.AttentionSite.KeyLayout;
import org.headlight.engine.attention.AttentionSite.ScaleFactor;
import org.headlight.engine.onnx.Attributes;
import org.headlight.engine.onnx.GraphAddition;
import org.headlight.engine.onnx.GraphIndex;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.onnx.proto.Onnx.NodeProto;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds attention in a graph: every softmax between two products of computed tensors, and every
 * operator that does all of that in one node. The tensors of what is understood are named; what is
 * not understood is reported with its node and the reason. Classifiers, routers and poolings, whose
 * scores come from a product with a weight, are neither.
 */
public final class AttentionFinder {
    /** From this version of the operators on, a softmax without an axis is over the last one. */
    private static final int LAST_AXIS_BY_DEFAULT = 13;

    /** What the names of added tensors begin with; the number of their site follows. */
    public static final String ADDED = "headlight/";

    private final ModelSkeleton skeleton;
    private final GraphIndex index;
    private final Weights weights;
    private final Reach reach;
    private final SequenceSources sequences;
    private final HeadGroups groups;
    private final Scalars scalars;
    private final Map<SiteKind, Integer> layers = new EnumMap<>(SiteKind.class);
    private final List<AttentionSite> sites = new ArrayList<>();
    private final List<UnsupportedSite> unsupported = new ArrayList<>();
    private final FusedOperators fused = new FusedOperators();
    private final TensorTypes types;
    private final StateLayers states;
    private final List<GraphAddition> added = new ArrayList<>();
    private final Map<String, KeysAndValues> madeBeside = new HashMap<>();
    private final List<GraphAddition> addedBeside = new ArrayList<>();

    private AttentionFinder(ModelSkeleton skeleton) {
        this.skeleton = skeleton;
        this.index = skeleton.index();
        this.weights = new Weights(index);
        this.reach = new Reach(index, weights);
        this.sequences = new SequenceSources(index, weights);
        this.groups = new HeadGroups(index);
        this.scalars = new Scalars(index);
        this.states = new StateLayers(index.inputs());
        this.types = new TensorTypes(skeleton.model().getGraph(), index);
    }

    /**
     * Finds the attention of a model. A merged decoder must be {@link ModelSkeleton#inlined} first;
     * otherwise the attention inside its branches is reported as unsupported.
     */
    public static AttentionFindings find(ModelSkeleton skeleton) {
        return new AttentionFinder(skeleton).find();
    }

    private AttentionFindings find() {
        for (NodeProto node : index.nodes()) {
            if (fused.contains(node)) {
                addFused(node);
            } else {
                attention(node, index, reach).ifPresent(this::addSite);
            }
            unsupported.addAll(new HiddenAttention(index).inside(node));
        }
        unsupported.addAll(
                new HiddenAttention(index).insideFunctions(skeleton.model().getFunctionsList()));
        unsupported.addAll(states.reports());
        return new AttentionFindings(
                sites,
                unsupported,
                GraphAddition.joined(added),
                new BesideOperators(madeBeside, GraphAddition.joined(addedBeside)));
    }

    /** A node's softmax, when it stands between two products of computed tensors. */
    static Optional<Normalization> attention(NodeProto node, GraphIndex index, Reach reach) {
        return Normalization.of(node, index)
                .filter(softmax ->
                        reach.comesFromProduct(softmax.scores())
                                && reach.goesIntoProduct(node.getOutput(0)));
    }

    private void addFused(NodeProto node) {
        SiteKind kind = SiteKind.SELF;
        int number = sites.size() + unsupported.size();
        SideBranch branch = new SideBranch(ADDED + number + "/");
        try {
            FusedNode operator = new FusedNode(node, types, sequences);
            FusedSite site = fused.read(operator, node, branch);
            kind = site.kind();
            sites.add(site.at(layer(kind), Ops.label(node)));
            added.add(branch.addition());
            SideBranch beside = new SideBranch(ADDED + number + "/beside/");
            fused.beside(operator, node, beside)
                    .ifPresent(made -> {
                        madeBeside.put(Ops.label(node), made);
                        addedBeside.add(beside.addition());
                    });
        } catch (UnknownFormException e) {
            unsupported.add(new UnsupportedSite(Ops.label(node), reason(e)));
            if (states.any() && node.getOpType().equals("LinearAttention")) {
                return;
            }
        }
        layers.merge(kind, 1, Integer::sum);
    }

    private int layer(SiteKind kind) {
        int order = layers.getOrDefault(kind, 0);
        return kind == SiteKind.SELF ? states.layer(order) : order;
    }

    /** What is not understood takes a layer too, so that numbers are the model's own. */
    private void addSite(Normalization softmax) {
        SiteKind kind = SiteKind.SELF;
        int number = sites.size() + unsupported.size();
        SideBranch branch = new SideBranch(ADDED + number + "/");
        try {
            requireLastAxis(softmax.node());
            ScorePath.Found scores = new ScorePath(index, reach, weights, branch).walk(softmax);
            Product product = scores.product();
            kind = sequences.kind(moved(product.query(), branch), moved(product.key(), branch));
            sites.add(site(softmax.node(), scores, kind, branch));
            added.add(branch.addition());
        } catch (UnknownFormException e) {
            unsupported.add(new UnsupportedSite(Ops.label(softmax.node()), reason(e)));
        }
        layers.merge(kind, 1, Integer::sum);
    }

    /** The tensor of the graph that an added one moves the axes of. */
    private static String moved(String tensor, SideBranch branch) {
        return branch.addition().nodes().stream()
                .filter(node -> node.getOutput(0).equals(tensor))
                .map(node -> node.getInput(0))
                .findFirst()
                .orElse(tensor);
    }

    private static String reason(UnknownFormException e) {
        String message = e.getMessage();
        return message == null ? "It is written in a way that is not understood." : message;
    }

    private AttentionSite site(
            NodeProto softmax, ScorePath.Found found, SiteKind kind, SideBranch branch)
            throws UnknownFormException {
        ValuePath.Values values =
                new ValuePath(index, weights, branch, found).walk(softmax.getOutput(0));
        Product product = found.product();
        AttentionSite.Scores scores = found.scores();
        List<ScaleFactor> scale = new ArrayList<>(scores.scale());
        String form = isScaled(product.query()) && isScaled(product.key()) ? "sdpa" : "eager";

        Optional<HeadGroups.Shared> sharedKey = groups.before(product.key(), product.layout());
        Optional<HeadGroups.Shared> sharedValue =
                groups.before(values.values(), KeyLayout.ROWS)
                        .filter(v -> v.layout() == KeyLayout.ROWS && v.scale().isEmpty());
        String key = product.key();
        KeyLayout layout = product.layout();
        String value = values.values();
        if (sharedKey.isPresent() && sharedValue.isPresent()) {
            key = sharedKey.get().tensor();
            layout = sharedKey.get().layout();
            value = sharedValue.get().tensor();
            scale.addAll(0, sharedKey.get().scale());
        } else if (layout == KeyLayout.TRANSPOSED) {
            Optional<String> rows = groups.rows(key);
            layout = rows.isPresent() ? KeyLayout.ROWS : layout;
            key = rows.orElse(key);
        }
        return new AttentionSite(
                layer(kind),
                kind,
                form,
                Ops.label(softmax),
                product.query(),
                key,
                layout,
                value,
                new AttentionSite.Scores(
                        scale, scores.softcap(), scores.mask(), scores.visible(), scores.sink()),
                values.context(),
                values.probabilities());
    }

    private boolean isScaled(String tensor) {
        NodeProto node = index.producer(tensor);
        if (node == null || node.getInputCount() != 2) {
            return false;
        }
        String op = node.getOpType();
        return (op.equals("Mul") || op.equals("Div"))
                && scalars.factor(node.getInput(1), false).isPresent();
    }

    private void requireLastAxis(NodeProto softmax) throws UnknownFormException {
        if (!softmax.getOpType().equals("Softmax")) {
            return;
        }
        long absent = skeleton.opset("") >= LAST_AXIS_BY_DEFAULT ? -1 : 1;
        long axis = Attributes.of(softmax).integer("axis", absent);
        if (axis != -1 && (axis < 2 || axis > 4)) {
            throw new UnknownFormException(
                    "Its softmax runs over axis " + axis + "; the last axis was expected.");
        }
    }
}
