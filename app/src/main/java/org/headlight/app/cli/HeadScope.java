package org.headlight.app.cli;

import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.problem.BadInputException;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Some heads of self-attention as people write them: layers and heads with commas between, such as
 * {@code L0,L2H1}.
 *
 * @param layers whole layers
 * @param heads single heads
 */
record HeadScope(Set<Integer> layers, Set<HeadAddress> heads) {
    /** Every head. */
    static final HeadScope ALL = new HeadScope(Set.of(), Set.of());

    private static final Pattern LAYER = Pattern.compile("[lL](\\d{1,5})");

    static Optional<HeadScope> parse(String text) {
        Set<Integer> layers = new LinkedHashSet<>();
        Set<HeadAddress> heads = new LinkedHashSet<>();
        for (String part : text.split(",", -1)) {
            Matcher layer = LAYER.matcher(part.strip());
            Optional<HeadName> head = HeadName.parse(part);
            if (layer.matches()) {
                layers.add(Integer.parseInt(layer.group(1)));
            } else if (head.isPresent() && head.get().kind() == SiteKind.SELF) {
                heads.add(HeadAddress.self(head.get().layer(), head.get().head()));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new HeadScope(layers, heads));
    }

    static HeadScope ofLayer(int layer) {
        return new HeadScope(Set.of(layer), Set.of());
    }

    boolean all() {
        return layers.isEmpty() && heads.isEmpty();
    }

    /** An assignment with a policy for these heads, too. */
    Assignment added(Assignment assignment, PolicyChoice choice) {
        if (all()) {
            return assignment.with(choice);
        }
        Assignment more = assignment;
        for (int layer : layers) {
            more = more.with(layer, choice);
        }
        return heads.isEmpty() ? more : more.with(heads, choice);
    }

    /**
     * Refuses heads that a model does not have.
     *
     * @throws BadInputException with the first of them
     */
    void check(ModelInfo model) {
        List<ModelInfo.Site> sites =
                model.sites().stream().filter(s -> s.kind() == SiteKind.SELF).toList();
        for (int layer : layers) {
            site(model, sites, layer, "L" + layer);
        }
        for (HeadAddress head : heads) {
            String name = "L" + head.layer() + "H" + head.head();
            ModelInfo.Site site = site(model, sites, head.layer(), name);
            if (site.heads() > 0 && head.head() >= site.heads()) {
                throw new BadInputException(
                        "There is no head "
                                + name
                                + " in "
                                + model.name()
                                + ": layer "
                                + head.layer()
                                + " has heads 0 to "
                                + (site.heads() - 1)
                                + ".");
            }
        }
    }

    private static ModelInfo.Site site(
            ModelInfo model, List<ModelInfo.Site> sites, int layer, String name) {
        return sites.stream()
                .filter(s -> s.layer() == layer)
                .findFirst()
                .orElseThrow(() ->
                        new BadInputException(
                                "There is no "
                                        + name
                                        + " in "
                                        + model.name()
                                        + ": its layers with self-attention are "
                                        + sites.stream()
                                                .map(s -> String.valueOf(s.layer()))
                                                .collect(Collectors.joining(", "))
                                        + "."));
    }

    /** As people write them. */
    @Override
    public String toString() {
        return all()
                ? "all"
                : java.util.stream.Stream.concat(
                                layers.stream().map(l -> "L" + l),
                                heads.stream().map(h -> "L" + h.layer() + "H" + h.head()))
                        .collect(Collectors.joining(","));
    }
}
