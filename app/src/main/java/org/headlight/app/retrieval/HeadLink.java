package org.headlight.app.retrieval;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.app.explore.ExploreViewModel;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.map.Cell;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Ties heads by their layer and number to the head that is chosen in the window. */
final class HeadLink {
    private final ExploreViewModel explore;
    private final ReadOnlyObjectWrapper<@Nullable HeadAddress> shown =
            new ReadOnlyObjectWrapper<>();

    HeadLink(ExploreViewModel explore) {
        this.explore = explore;
        explore.viewProperty().subscribe(now -> follow());
        explore.captureProperty().subscribe(now -> follow());
    }

    /** The head that is chosen; null without a capture, or for a head of cross-attention. */
    ReadOnlyObjectProperty<@Nullable HeadAddress> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    private void follow() {
        Capture capture = explore.captureProperty().get();
        HeadRef ref = explore.viewProperty().get().head();
        SiteCapture site =
                capture == null || ref.site() >= capture.sites().size()
                        ? null
                        : capture.sites().get(ref.site());
        shown.set(
                site == null || site.kind() != SiteKind.SELF
                        ? null
                        : HeadAddress.self(site.layer(), ref.head()));
    }

    /** Chooses a head. Nothing when the capture on show has none such. */
    void select(HeadAddress head) {
        Capture capture = explore.captureProperty().get();
        List<SiteCapture> sites = capture == null ? List.of() : capture.sites();
        for (int site = 0; site < sites.size(); site++) {
            SiteCapture of = sites.get(site);
            if (of.kind() == SiteKind.SELF
                    && of.layer() == head.layer()
                    && head.head() < of.heads().size()) {
                explore.selectHead(new HeadRef(site, head.head()));
                return;
            }
        }
    }

    /** Chooses a head and locks a cell of its map. */
    void select(HeadAddress head, int query, int key) {
        select(head);
        explore.selectedCellProperty().set(new Cell(query, key));
    }
}
