package org.headlight.app.influence;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.collections.SetChangeListener;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.SettingsForm;
import org.headlight.app.reading.SidePane;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelInfo;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.matrix.MatrixCell;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** Which heads are masked, how they are found, and how documents are read. */
final class InfluenceSide extends SidePane {
    private final InfluenceViewModel view;
    private final ExploreViewModel explore;
    private final ValueMatrix matrix = new ValueMatrix();
    private List<ModelInfo.Site> sites = List.of();
    private boolean following;

    InfluenceSide(InfluenceViewModel view, ExploreViewModel explore, ReadOnlyBooleanProperty dark) {
        this.view = view;
        this.explore = explore;
        matrix.darkProperty().bind(dark);
        matrix.setMinHeight(140);
        matrix.setPrefHeight(180);
        matrix.markingProperty().set(true);
        matrix.hoverTextProperty().set(this::describe);
        Label meaning =
                new Label(
                        "Share of an answer of the key-value task that a head copies; the marked"
                                + " heads are masked: they attend uniformly.");
        meaning.getStyleClass().add("caption");
        meaning.setWrapText(true);
        meaning.setMinHeight(Region.USE_PREF_SIZE);
        put(
                title("Heads masked"),
                matrix,
                meaning,
                choice(),
                title("Key-value task"),
                task(),
                title("Documents"),
                reading());
        link();
    }

    ValueMatrix matrix() {
        return matrix;
    }

    private VBox choice() {
        RadioButton find = new RadioButton("Find the important heads");
        RadioButton mark = new RadioButton("Mark them by hand (Ctrl-click)");
        find.setTooltip(new Tooltip("The heads that copy most in the key-value task are masked."));
        mark.setTooltip(new Tooltip("Masks the heads that you mark in the matrix."));
        ToggleGroup group = new ToggleGroup();
        find.setToggleGroup(group);
        mark.setToggleGroup(group);
        view.byHandProperty()
                .subscribe(byHand -> {
                    find.setSelected(!byHand);
                    mark.setSelected(byHand);
                });
        find.setOnAction(event -> view.byHandProperty().set(false));
        mark.setOnAction(event -> view.byHandProperty().set(true));
        return new VBox(4, find, mark);
    }

    private SettingsForm task() {
        SettingsForm form = new SettingsForm();
        form.number(
                "Share of heads",
                view.headShareProperty(),
                0.001,
                1,
                0.05,
                "How many heads are important, of all heads; 0.05 in the paper.");
        form.whole(
                "Samples, at most",
                view.samplesProperty(),
                1,
                100_000,
                100,
                "How many samples are run; 800 in the paper.");
        form.whole(
                "Unchanged for",
                view.settleProperty(),
                0,
                100_000,
                16,
                "Ends the search when the heads have not changed for so many samples; 0 runs all of"
                        + " them, as the paper does.");
        form.whole(
                "Letters of a key",
                view.keyLengthProperty(),
                1,
                256,
                1,
                "Random letters and digits of a key; 32 in the paper.");
        form.whole(
                "Tokens of a sample",
                view.taskContextProperty(),
                8,
                1_000_000,
                512,
                "As many pairs as fit; 4,096 in the paper, and never more than the model was made"
                        + " for.");
        return form;
    }

    private SettingsForm reading() {
        SettingsForm form = new SettingsForm();
        form.whole(
                "Tokens that are read",
                view.contextProperty(),
                2,
                1_000_000,
                512,
                "The beginning of each document; 4,096 in the paper, and never more than the model"
                        + " was made for.");
        form.number(
                "Share selected",
                view.selectProperty(),
                0.001,
                1,
                0.05,
                "The documents of each domain with the highest scores; 0.2 in the paper.");
        return form;
    }

    private void link() {
        view.modelProperty().subscribe(this::show);
        view.foundProperty().subscribe(found -> show(view.modelProperty().get()));
        view.masked().addListener((SetChangeListener<HeadAddress>) change -> mark());
        matrix.marked()
                .addListener(
                        (SetChangeListener<MatrixCell>)
                                change -> {
                                    if (!following) {
                                        byHand(change);
                                    }
                                });
        explore.viewProperty()
                .subscribe(state -> {
                    matrix.colorMapProperty().set(state.colorMap());
                    follow();
                });
        matrix.selectedProperty()
                .addListener((property, old, cell) -> {
                    if (!following && cell != null) {
                        select(cell);
                    }
                });
    }

    private void byHand(SetChangeListener.Change<? extends MatrixCell> change) {
        view.byHandProperty().set(true);
        if (change.wasAdded()) {
            view.masked().add(address(change.getElementAdded()));
        } else {
            view.masked().remove(address(change.getElementRemoved()));
        }
    }

    private HeadAddress address(MatrixCell cell) {
        return HeadAddress.self(sites.get(cell.row()).layer(), cell.column());
    }

    private void show(@Nullable Model model) {
        sites =
                model == null
                        ? List.of()
                        : model.info().sites().stream()
                                .filter(site -> site.kind() == SiteKind.SELF && site.causal())
                                .toList();
        double[][] values = new double[sites.size()][];
        for (int row = 0; row < values.length; row++) {
            values[row] = new double[sites.get(row).heads()];
            for (int head = 0; head < values[row].length; head++) {
                values[row][head] = view.importance(address(new MatrixCell(row, head)));
            }
        }
        matrix.valuesProperty()
                .set(
                        ValueGrid.heads(
                                sites.stream().map(site -> "L" + site.layer()).toList(),
                                "share of the answer copied",
                                values));
        mark();
        follow();
    }

    private void mark() {
        following = true;
        matrix.marked().clear();
        for (HeadAddress head : view.masked()) {
            for (int row = 0; row < sites.size(); row++) {
                if (sites.get(row).layer() == head.layer()) {
                    matrix.marked().add(new MatrixCell(row, head.head()));
                }
            }
        }
        following = false;
    }

    private String describe(MatrixCell cell) {
        if (cell.row() >= sites.size()) {
            return "";
        }
        HeadAddress head = address(cell);
        double share = view.importance(head);
        return "L"
                + head.layer()
                + "H"
                + head.head()
                + (Double.isNaN(share) ? "" : "  copies " + NumberText.plain(share))
                + (view.masked().contains(head) ? "  masked" : "");
    }

    private void select(MatrixCell cell) {
        Capture capture = explore.captureProperty().get();
        if (capture == null || cell.row() >= sites.size()) {
            return;
        }
        int layer = sites.get(cell.row()).layer();
        for (int site = 0; site < capture.sites().size(); site++) {
            if (capture.sites().get(site).layer() == layer
                    && capture.sites().get(site).kind() == SiteKind.SELF) {
                explore.selectHead(new HeadRef(site, cell.column()));
                return;
            }
        }
    }

    private void follow() {
        following = true;
        int layer = explore.site().map(site -> site.layer()).orElse(-1);
        int row = -1;
        for (int i = 0; i < sites.size(); i++) {
            row = sites.get(i).layer() == layer ? i : row;
        }
        matrix.selectedProperty()
                .set(
                        row < 0
                                ? null
                                : new MatrixCell(row, explore.viewProperty().get().head().head()));
        following = false;
    }
}
