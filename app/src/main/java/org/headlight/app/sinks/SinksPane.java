package org.headlight.app.sinks;

import javafx.collections.ListChangeListener;
import javafx.collections.SetChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.controlsfx.control.SegmentedButton;
import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.Sink;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.control.matrix.MatrixCell;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.control.profile.LevelChart;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The matrix of heads, the profile along the text, and the list of sinks. */
final class SinksPane extends HBox {
    private final SinksViewModel sinks;
    private final CalibrationViewModel calibration;
    private final ExploreViewModel explore;
    private final ValueMatrix matrix = new ValueMatrix();
    private final LevelChart chart = new LevelChart("key position", "received mass");
    private final Label reading = new Label();
    private final ListView<Sink> list = new ListView<>();
    private boolean following;

    SinksPane(SinksViewModel sinks, CalibrationViewModel calibration, ExploreViewModel explore) {
        super(12);
        this.sinks = sinks;
        this.calibration = calibration;
        this.explore = explore;
        getStyleClass().add("sinks-pane");
        VBox along = buildProfile();
        VBox listed = buildList();
        getChildren().addAll(buildMatrix(), along, listed);
        HBox.setHgrow(along, Priority.ALWAYS);
        linkHeads();
        linkKeys();
    }

    /** The matrix, to be drawn by whoever exports it, and to be told whether the window is dark. */
    ValueMatrix matrix() {
        return matrix;
    }

    LevelChart chart() {
        return chart;
    }

    private Node buildMatrix() {
        ComboBox<SinkMeasure> measures = new ComboBox<>();
        measures.getItems().addAll(SinkMeasure.values());
        measures.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable SinkMeasure measure) {
                        return measure == null ? "" : measure.title();
                    }

                    @Override
                    public SinkMeasure fromString(@Nullable String text) {
                        return sinks.measureProperty().get();
                    }
                });
        measures.valueProperty().bindBidirectional(sinks.measureProperty());
        Tooltip tip = new Tooltip();
        tip.textProperty().bind(sinks.measureProperty().map(SinkMeasure::meaning));
        measures.setTooltip(tip);
        measures.setAccessibleText("What the matrix shows");
        measures.setMaxWidth(Double.MAX_VALUE);
        measures.getStyleClass().add("small");
        matrix.markingProperty().set(true);
        matrix.valuesProperty().bind(sinks.matrixProperty());
        matrix.hoverTextProperty().set(this::describe);
        sinks.measureProperty()
                .subscribe(measure ->
                        matrix.scaleProperty()
                                .set(
                                        measure == SinkMeasure.COUNT
                                                ? null
                                                : new Scale(Scale.Kind.LINEAR, 0, 1)));
        VBox box = new VBox(4, measures, matrix);
        VBox.setVgrow(matrix, Priority.ALWAYS);
        box.setMinWidth(220);
        box.setPrefWidth(320);
        return box;
    }

    private String describe(MatrixCell cell) {
        HeadReceived head = sinks.head(new HeadRef(cell.row(), cell.column()));
        if (head == null) {
            return "";
        }
        return head.name()
                + "  "
                + sinks.matrixProperty().get().valueName()
                + " "
                + sinks.matrixProperty().get().text(cell.row(), cell.column());
    }

    private VBox buildProfile() {
        ToggleButton one = new ToggleButton("This head");
        ToggleButton all = new ToggleButton("Mean of all");
        one.setTooltip(new Tooltip("What each token receives in the head on show."));
        all.setTooltip(new Tooltip("What each token receives on average over all heads."));
        for (ToggleButton button : List.of(one, all)) {
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        SegmentedButton scope = new SegmentedButton(one, all);
        scope.setMinWidth(Region.USE_PREF_SIZE);
        one.setOnAction(event -> {
            one.setSelected(true);
            sinks.allHeadsProperty().set(false);
        });
        all.setOnAction(event -> {
            all.setSelected(true);
            sinks.allHeadsProperty().set(true);
        });
        sinks.allHeadsProperty()
                .subscribe(every -> {
                    one.setSelected(!every);
                    all.setSelected(every);
                });
        CheckBox log = new CheckBox("Log");
        log.setMinWidth(Region.USE_PREF_SIZE);
        log.setTooltip(new Tooltip("A logarithmic axis shows weak sinks beside strong ones."));
        chart.logarithmicProperty().bind(log.selectedProperty());
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox head = new HBox(8, space, log, scope);
        head.setAlignment(Pos.CENTER_LEFT);
        chart.valuesProperty().bind(sinks.profileProperty());
        StackPane plot = new StackPane(chart);
        plot.setMinHeight(80);
        VBox.setVgrow(plot, Priority.ALWAYS);
        reading.getStyleClass().add("profile-reading");
        reading.setMinWidth(0);
        Tooltip whole = new Tooltip();
        whole.textProperty().bind(reading.textProperty());
        reading.setTooltip(whole);
        VBox box = new VBox(4, head, plot, reading);
        box.setMinWidth(200);
        sinks.thresholdProperty().subscribe(now -> showLevels());
        sinks.epsilonProperty().subscribe(now -> showLevels());
        chart.hoveredProperty().subscribe(now -> read());
        chart.markedProperty().subscribe(now -> read());
        sinks.profileProperty().subscribe(now -> read());
        return box;
    }

    private void showLevels() {
        chart.levels()
                .setAll(
                        new LevelChart.Level("sink", sinks.thresholdProperty().get()),
                        new LevelChart.Level("\u03b5", sinks.epsilonProperty().get()));
    }

    private void read() {
        float[] values = sinks.profileProperty().get();
        int at = chart.hoveredProperty().get();
        at = at >= 0 ? at : chart.markedProperty().get();
        HeadReceived head = sinks.head(explore.shownHeadProperty().get());
        if (values == null || head == null || at < 0 || at >= values.length) {
            reading.setText("Point at a token to read it; click to choose it as the key.");
            return;
        }
        reading.setText(
                "key "
                        + NumberText.count(at)
                        + " "
                        + TokenLabel.of(head.keyTokens().get(at), 16).text()
                        + ": "
                        + NumberText.probability(values[at])
                        + " on average from "
                        + NumberText.count(head.received().queries(at))
                        + " queries");
    }

    private VBox buildList() {
        Label title = new Label("Sinks");
        title.getStyleClass().add("profile-title");
        list.setItems(sinks.sinks());
        list.getStyleClass().add("sinks-list");
        list.setPlaceholder(placeholder());
        list.setAccessibleText("Sinks, the strongest first");
        list.setCellFactory(view -> new SinkCell());
        VBox.setVgrow(list, Priority.ALWAYS);
        sinks.sinks()
                .addListener(
                        (ListChangeListener<Sink>)
                                change -> title.setText("Sinks: " + sinks.sinks().size()));
        VBox box = new VBox(4, title, list);
        box.setMinWidth(184);
        box.setPrefWidth(210);
        return box;
    }

    private Label placeholder() {
        Label label = new Label();
        label.textProperty().bind(sinks.noneProperty());
        label.setWrapText(true);
        label.getStyleClass().add("caption");
        return label;
    }

    /** A position, its token and what it receives. */
    private static final class SinkCell extends ListCell<Sink> {
        SinkCell() {
            // As wide as the list, so that nothing scrolls sideways.
            setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable Sink sink, boolean none) {
            super.updateItem(sink, none);
            if (none || sink == null) {
                setText(null);
                setGraphic(null);
                return;
            }
            Label token =
                    new Label(
                            NumberText.count(sink.position())
                                    + "  "
                                    + TokenLabel.of(sink.token(), 14).text());
            token.setMinWidth(0);
            Label mass = new Label(NumberText.probability(sink.received()));
            mass.setMinWidth(Region.USE_PREF_SIZE);
            Region space = new Region();
            HBox.setHgrow(space, Priority.ALWAYS);
            HBox row = new HBox(8, token, space, mass);
            row.getStyleClass().add("mono");
            setText(null);
            setGraphic(row);
            setTooltip(
                    new Tooltip(
                            "Mean attention from the "
                                    + NumberText.count(sink.queries())
                                    + " queries that may look at it."));
        }
    }

    /** The matrix selects the head on show, and marks the heads to calibrate. */
    private void linkHeads() {
        explore.viewProperty()
                .subscribe(view -> {
                    HeadRef head = view.head();
                    select(new MatrixCell(head.site(), head.head()));
                    matrix.colorMapProperty().set(view.colorMap());
                });
        sinks.matrixProperty()
                .subscribe(now -> {
                    HeadRef head = explore.viewProperty().get().head();
                    select(new MatrixCell(head.site(), head.head()));
                    calibration.heads().forEach(ref -> matrix.marked().add(cell(ref)));
                });
        matrix.selectedProperty()
                .addListener((property, old, now) -> {
                    if (!following && now != null) {
                        explore.selectHead(new HeadRef(now.row(), now.column()));
                    }
                });
        calibration
                .heads()
                .addListener(
                        (SetChangeListener<HeadRef>)
                                change -> {
                                    if (change.wasAdded()) {
                                        matrix.marked().add(cell(change.getElementAdded()));
                                    } else {
                                        matrix.marked().remove(cell(change.getElementRemoved()));
                                    }
                                });
        matrix.marked()
                .addListener(
                        (SetChangeListener<MatrixCell>)
                                change -> {
                                    if (change.wasAdded()) {
                                        calibration.heads().add(head(change.getElementAdded()));
                                    } else {
                                        calibration
                                                .heads()
                                                .remove(head(change.getElementRemoved()));
                                    }
                                });
    }

    private static MatrixCell cell(HeadRef head) {
        return new MatrixCell(head.site(), head.head());
    }

    private static HeadRef head(MatrixCell cell) {
        return new HeadRef(cell.row(), cell.column());
    }

    private void select(MatrixCell cell) {
        following = true;
        boolean there =
                cell.row() < matrix.valuesProperty().get().rows()
                        && cell.column() < matrix.valuesProperty().get().columns();
        matrix.selectedProperty().set(there ? cell : null);
        following = false;
    }

    /** A token of the profile or the list becomes the key on show. */
    private void linkKeys() {
        chart.setOnPick(explore::selectKey);
        explore.selectedCellProperty().subscribe(this::follow);
        list.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, old, now) -> {
                    if (!following && now != null) {
                        explore.selectKey(now.position());
                    }
                });
    }

    private void follow(@Nullable Cell cell) {
        chart.markedProperty().set(cell == null ? LevelChart.NONE : cell.col());
        following = true;
        Sink found = null;
        for (Sink sink : sinks.sinks()) {
            found = cell != null && sink.position() == cell.col() ? sink : found;
        }
        if (found == null) {
            list.getSelectionModel().clearSelection();
        } else {
            list.getSelectionModel().select(found);
        }
        following = false;
    }
}
