package org.headlight.app.atlas;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.SetChangeListener;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadMetric;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Every head with a small picture and its numbers, or the brushed ones; a line chooses a head. */
final class AtlasTable extends TableView<HeadPortrait> {
    private static final int SIDE = 28;
    private static final Scale PICTURE = new Scale(Scale.Kind.LOG, 1e-3f, 1);

    private final AtlasViewModel model;
    private final ReadOnlyBooleanProperty dark;
    private final ObservableList<HeadPortrait> heads = FXCollections.observableArrayList();
    private final FilteredList<HeadPortrait> shown = new FilteredList<>(heads);
    private final Map<HeadRef, WritableImage> pictures = new HashMap<>();
    private boolean following;

    AtlasTable(AtlasViewModel model, ReadOnlyBooleanProperty dark) {
        this.model = model;
        this.dark = dark;
        getStyleClass().addAll("dense", "heads-table");
        setAccessibleText("Numbers of every head");
        SortedList<HeadPortrait> sorted = new SortedList<>(shown);
        sorted.comparatorProperty().bind(comparatorProperty());
        setItems(sorted);
        setPlaceholder(new Label("No head is in the rectangle."));
        addPicture();
        addText("head", "Layer and head.", 62, HeadPortrait::name);
        addText(
                "kind",
                "What the head mostly does; the inspector says by which rule.",
                112,
                h -> h.kind().label());
        for (HeadMetric metric : HeadMetric.values()) {
            addNumber(metric.label(), metric.meaning(), 88, metric::of);
        }
        addText(
                "pattern",
                "The sparse pattern of MInference's search that keeps most.",
                100,
                h -> h.pattern().map(fit -> fit.family().label()).orElse("\u2013"));
        addNumber(
                "group",
                "How much the heads that share keys with it disagree: mean distance of each two.",
                64,
                h -> atlas().map(atlas -> atlas.disagreement(index(h))).orElse(Double.NaN));
        addNumber("cluster", "Heads of one cluster look alike; see the cut.", 60, this::cluster);
        link();
    }

    private void link() {
        getSelectionModel()
                .selectedItemProperty()
                .addListener((property, old, now) -> {
                    if (now != null && !following) {
                        model.choose(now);
                    }
                });
        model.explore().shownHeadProperty().subscribe(head -> follow());
        model.clustersProperty().subscribe(clusters -> refresh());
        dark.subscribe(now -> {
            pictures.clear();
            refresh();
        });
        model.brushed().addListener((SetChangeListener<HeadRef>) change -> filter());
        model.atlasProperty().subscribe(this::fill);
    }

    private Optional<HeadAtlas> atlas() {
        return Optional.ofNullable(model.atlasProperty().get());
    }

    private int index(HeadPortrait head) {
        return atlas().map(atlas -> atlas.heads().indexOf(head)).orElse(-1);
    }

    private double cluster(HeadPortrait head) {
        Clusters now = model.clustersProperty().get();
        int index = index(head);
        return now == null || index < 0 ? Double.NaN : now.of(index);
    }

    private void fill(@Nullable HeadAtlas atlas) {
        pictures.clear();
        following = true;
        heads.setAll(atlas == null ? List.of() : atlas.heads());
        following = false;
        filter();
    }

    private void filter() {
        following = true;
        shown.setPredicate(
                model.brushed().isEmpty()
                        ? null
                        : head -> model.brushed().contains(AtlasViewModel.ref(head)));
        following = false;
        follow();
    }

    /** Marks the line of the head on show. */
    private void follow() {
        following = true;
        HeadRef ref = model.explore().shownHeadProperty().get();
        getSelectionModel().clearSelection();
        for (HeadPortrait head : getItems()) {
            if (AtlasViewModel.ref(head).equals(ref)) {
                getSelectionModel().select(head);
            }
        }
        following = false;
    }

    private void addPicture() {
        TableColumn<HeadPortrait, HeadPortrait> column = new TableColumn<>();
        column.setPrefWidth(SIDE + 12);
        column.setSortable(false);
        column.setResizable(false);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(made -> new PictureCell());
        getColumns().add(column);
    }

    private <T> TableColumn<HeadPortrait, T> column(String name, String meaning, double width) {
        TableColumn<HeadPortrait, T> column = new TableColumn<>();
        Label title = new Label(name);
        title.setTooltip(new Tooltip(meaning));
        column.setGraphic(title);
        column.setPrefWidth(width);
        getColumns().add(column);
        return column;
    }

    private void addText(
            String name, String meaning, double width, Function<HeadPortrait, String> text) {
        TableColumn<HeadPortrait, String> column = column(name, meaning, width);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(text.apply(row.getValue())));
    }

    private void addNumber(
            String name, String meaning, double width, ToDoubleFunction<HeadPortrait> number) {
        TableColumn<HeadPortrait, Number> column = column(name, meaning, width);
        column.getStyleClass().add("numbers");
        column.setCellValueFactory(
                row -> new ReadOnlyDoubleWrapper(number.applyAsDouble(row.getValue())));
        column.setCellFactory(made -> new NumberCell());
    }

    private WritableImage picture(HeadPortrait head) {
        return pictures.computeIfAbsent(AtlasViewModel.ref(head), ref -> paint(head));
    }

    private WritableImage paint(HeadPortrait head) {
        WritableImage image = new WritableImage(SIDE, SIDE);
        HeadAtlas atlas = model.atlasProperty().get();
        int index = index(head);
        if (atlas == null || index < 0) {
            return image;
        }
        float[] values = atlas.samples().get(index).thumbnail(SIDE);
        Palette palette = model.explore().viewProperty().get().colorMap().palette(dark.get());
        int[] pixels = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            pixels[i] =
                    Float.isNaN(values[i])
                            ? palette.masked()
                            : palette.argb(PICTURE.position(values[i]));
        }
        image.getPixelWriter()
                .setPixels(0, 0, SIDE, SIDE, PixelFormat.getIntArgbInstance(), pixels, 0, SIDE);
        return image;
    }

    /** The small picture of a head. */
    private final class PictureCell extends TableCell<HeadPortrait, HeadPortrait> {
        private final ImageView view = new ImageView();

        PictureCell() {
            view.setSmooth(false);
            setAlignment(Pos.CENTER);
        }

        @Override
        protected void updateItem(@Nullable HeadPortrait item, boolean empty) {
            super.updateItem(item, empty);
            if (empty || item == null) {
                setGraphic(null);
            } else {
                view.setImage(picture(item));
                setGraphic(view);
            }
        }
    }

    /** A number with three digits; a dash where there is none. */
    private static final class NumberCell extends TableCell<HeadPortrait, Number> {
        NumberCell() {
            getStyleClass().add("mono");
            setAlignment(Pos.CENTER_RIGHT);
        }

        @Override
        protected void updateItem(@Nullable Number item, boolean empty) {
            super.updateItem(item, empty);
            if (empty || item == null) {
                setText(null);
            } else {
                double value = item.doubleValue();
                setText(Double.isNaN(value) ? "\u2013" : NumberText.plain(value));
            }
        }
    }
}
