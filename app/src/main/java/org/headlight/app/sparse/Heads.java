package org.headlight.app.sparse;

import org.headlight.app.explore.ExploreViewModel;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.viz.control.grid.HeadRef;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The heads of the window as heads of the model. */
final class Heads {
    private final ExploreViewModel explore;

    Heads(ExploreViewModel explore) {
        this.explore = explore;
    }

    /** The head on show. */
    Optional<HeadAddress> shown() {
        return explore.site().flatMap(site -> of(explore.shownHeadProperty().get()));
    }

    private Optional<HeadAddress> of(HeadRef ref) {
        Capture capture = explore.captureProperty().get();
        if (capture == null || ref.site() >= capture.sites().size()) {
            return Optional.empty();
        }
        SiteCapture site = capture.sites().get(ref.site());
        return Optional.of(new HeadAddress(site.layer(), site.kind(), ref.head()));
    }

    /** The marked heads of self-attention, or the one on show when none is marked. */
    Set<HeadAddress> chosen() {
        Set<HeadAddress> heads = new LinkedHashSet<>();
        explore.brushedHeads().forEach(ref -> of(ref).ifPresent(heads::add));
        if (heads.isEmpty()) {
            shown().ifPresent(heads::add);
        }
        heads.removeIf(head -> head.kind() != SiteKind.SELF);
        return heads;
    }

    /** Such as {@code L2H0, L2H1}. */
    static String names(Set<HeadAddress> heads) {
        return heads.stream()
                .map(head -> "L" + head.layer() + "H" + head.head())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
