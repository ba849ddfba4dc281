package org.headlight.app.explore;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.headlight.engine.capture.SiteCapture;
import org.headlight.viz.control.grid.HeadRef;

/**
 * Says that the map on show is still that of the former head, while the one of the head that was
 * chosen is made.
 */
final class StandIn {
    private final ExploreViewModel explore;
    private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper("");
    private HeadRef owner;
    private String name = "";

    /** Follows what is explored. */
    StandIn(ExploreViewModel explore) {
        this.explore = explore;
        this.owner = explore.shownHeadProperty().get();
        explore.mapProperty().subscribe(map -> arrived());
        explore.shownHeadProperty().subscribe(head -> tell());
        explore.computingProperty().subscribe(computing -> tell());
    }

    /** Whose map is seen, and whose is made; empty when the map is that of the head on show. */
    ReadOnlyStringProperty wordsProperty() {
        return words.getReadOnlyProperty();
    }

    private void arrived() {
        owner = explore.shownHeadProperty().get();
        name = explore.site().map(this::nameOf).orElse("");
        tell();
    }

    private String nameOf(SiteCapture site) {
        return owner.head() < site.heads().size() ? site.headName(owner.head()) : "";
    }

    private void tell() {
        boolean former =
                explore.computingProperty().get()
                        && explore.mapProperty().get() != null
                        && !owner.equals(explore.shownHeadProperty().get());
        words.set(former ? "still " + name + ", computing " + explore.headName() + " \u2026" : "");
    }
}
