package org.headlight.app.workbench;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.headlight.app.explore.HeadsPane;
import org.headlight.app.explore.InspectorPane;
import org.headlight.app.explore.MapPane;
import org.headlight.app.input.InputViewModel;
import org.headlight.app.open.FileDialogs;
import org.headlight.app.open.OpenViewModel;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingsModel;
import org.headlight.app.settings.PaneSizes;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.task.TaskRunner;
import org.headlight.assets.Assets;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The frame of the window. */
final class WorkbenchView extends StackPane {
    /** The longest line of words in the middle, in pixels. */
    private static final double READABLE = 640;

    private final WorkbenchModel model;
    private final SettingsModel settings;
    private final TopBarView top;
    private final HeadsPane heads;
    private final MapPane map;
    private final InspectorPane inspector;
    private final ReadingsModel readings;
    private final CentreView centre;
    private final StackPane side = new StackPane();
    private final Map<Reading, Panes> panes = new HashMap<>();
    private final SplitPane split = new SplitPane();
    private final StatusBarView status;
    private final ShortcutSheet sheet = new ShortcutSheet();
    private @Nullable StackPane dialogHolder;

    /** What the frame asks of the window around it. */
    record Actions(Runnable found, Runnable export, Runnable theme, Runnable settings) {}

    /** What a reading shows, asked for once. */
    private record Panes(Optional<Node> lower, Optional<Node> side) {}

    WorkbenchView(
            WorkbenchModel model,
            ReadingsModel readings,
            WorkbenchModel.Services services,
            ReadOnlyBooleanProperty dark,
            Actions actions) {
        this.model = model;
        this.readings = readings;
        this.settings = services.settings();
        getStyleClass().add("workbench");
        Assets assets = services.assets();
        FileDialogs dialogs = services.dialogs();
        TaskRunner tasks = services.tasks();
        top =
                new TopBarView(
                        model.open(),
                        model.input(),
                        model.generate(),
                        dialogs,
                        assets,
                        actions.found());
        heads = new HeadsPane(model.explore(), model.inspector(), dark);
        map =
                new MapPane(
                        model.explore(),
                        model.inspector(),
                        model.generate(),
                        dark,
                        actions.export());
        inspector = new InspectorPane(model.explore(), model.inspector());
        centre = new CentreView(map, settings.get().panes().lowerHeight());
        status =
                new StatusBarView(
                        model.status(),
                        tasks,
                        model.devices(),
                        new StatusBarView.Actions(actions.settings(), sheet::toggle));
        BorderPane frame = new BorderPane();
        frame.setTop(new VBox(top, buildOpenProblem(), buildInputProblem()));
        frame.getTop().setViewOrder(-1);
        frame.setLeft(
                new RailView(
                        readings,
                        this::press,
                        new RailView.Actions(
                                this::foldHeads,
                                this::foldInspector,
                                actions.theme(),
                                actions.settings())));
        StackPane middle = new StackPane(split, buildEmpty());
        frame.setCenter(middle);
        frame.setBottom(status);
        NoticeView notice = new NoticeView(model.status());
        StackPane.setAlignment(notice, Pos.BOTTOM_RIGHT);
        StackPane.setMargin(notice, new Insets(0, 16, 44, 0));
        getChildren().addAll(frame, notice, sheet);
        giveWay(frame, middle);
        showPanes();
        readings.chosenProperty().subscribe(this::show);
    }

    /** Whatever the middle would like: what is above and below it stays in the window. */
    private void giveWay(Region frame, Region middle) {
        for (Region region : List.of(frame, middle, split)) {
            region.setMinSize(0, 0);
        }
        heads.setMinWidth(140);
        side.setMinWidth(200);
        centre.setMinWidth(320);
        SplitPane.setResizableWithParent(heads, false);
        SplitPane.setResizableWithParent(side, false);
    }

    private void show(Reading reading) {
        Panes shown =
                panes.computeIfAbsent(reading, asked -> new Panes(asked.lower(), asked.side()));
        side.getChildren().setAll(shown.side().orElse(inspector));
        centre.setUnfolded(settings.get().panes().lowerShown());
        centre.show(shown.lower().orElse(null));
        map.setCompact(centre.lowerShown());
    }

    /** Chooses a reading and unfolds its pane; that of the chosen one folds and unfolds. */
    void press(Reading reading) {
        if (readings.chosenProperty().get().equals(reading)) {
            foldLower();
        } else {
            if (!settings.get().panes().lowerShown()) {
                foldLower();
            }
            readings.choose(reading);
        }
    }

    ReadingsModel readings() {
        return readings;
    }

    private Node buildOpenProblem() {
        OpenViewModel open = model.open();
        Button file = new Button("Open file \u2026");
        file.setOnAction(event -> open.browseFile());
        Button folder = new Button("Open folder \u2026");
        folder.setOnAction(event -> open.browseFolder());
        return new ProblemBar(open.problemProperty(), open::dismissProblem, file, folder);
    }

    private Node buildInputProblem() {
        InputViewModel input = model.input();
        Button part = new Button();
        part.textProperty()
                .bind(
                        input.largestThatFitsProperty()
                                .map(most ->
                                        "Run the first "
                                                + NumberText.count(most.longValue())
                                                + " tokens"));
        part.visibleProperty().bind(input.largestThatFitsProperty().greaterThan(0));
        part.setOnAction(event -> input.runWhatFits());
        Button edit = new Button("Edit the text");
        edit.setOnAction(event -> top.inputView().edit());
        edit.visibleProperty().bind(input.runnableProperty());
        return new ProblemBar(input.problemProperty(), input::dismissProblem, part, edit);
    }

    /** What stands in the middle before there is a map. */
    private Node buildEmpty() {
        Label sentence = new Label();
        sentence.getStyleClass().add("empty-sentence");
        sentence.setWrapText(true);
        sentence.setMaxWidth(READABLE);
        sentence.setAlignment(Pos.CENTER);
        ProgressIndicator busy = new ProgressIndicator();
        busy.setMaxSize(32, 32);
        Button example = new Button("Open the example", new FontIcon(Feather.BOOK));
        example.getStyleClass().add("accent");
        example.setOnAction(event -> model.open().openExample());
        Button folder = new Button("Open a model folder \u2026", new FontIcon(Feather.FOLDER));
        folder.setOnAction(event -> model.open().browseFolder());
        VBox buttons = new VBox(8, example, folder);
        buttons.setAlignment(Pos.CENTER);
        VBox box = new VBox(16, busy, sentence, buttons);
        box.getStyleClass().add("empty");
        box.setAlignment(Pos.CENTER);
        EmptyState state = new EmptyState(model);
        sentence.textProperty().bind(state.sentence());
        busy.visibleProperty().bind(state.busy());
        busy.managedProperty().bind(busy.visibleProperty());
        buttons.visibleProperty().bind(state.busy().not());
        buttons.managedProperty().bind(buttons.visibleProperty());
        box.visibleProperty().bind(model.explore().captureProperty().isNull());
        return box;
    }

    private void showPanes() {
        PaneSizes sizes = settings.get().panes();
        split.getItems().clear();
        if (sizes.headsShown()) {
            heads.setPrefWidth(sizes.headsWidth());
            split.getItems().add(heads);
        }
        split.getItems().add(centre);
        if (sizes.inspectorShown()) {
            side.setPrefWidth(sizes.inspectorWidth());
            split.getItems().add(side);
        }
    }

    /** Gives the panes their remembered widths; once the window has its size. */
    void placeDividers() {
        PaneSizes sizes = settings.get().panes();
        double width = split.getWidth();
        if (width <= 0) {
            return;
        }
        int divider = 0;
        if (sizes.headsShown()) {
            split.setDividerPosition(divider++, sizes.headsWidth() / width);
        }
        if (sizes.inspectorShown()) {
            split.setDividerPosition(divider, 1 - sizes.inspectorWidth() / width);
        }
    }

    /** Remembers the sizes of the panes that are shown. */
    void rememberPanes() {
        PaneSizes sizes = settings.get().panes();
        settings.change(now ->
                now.withPanes(
                        sizes.sized(
                                width(heads, sizes.headsWidth()),
                                width(side, sizes.inspectorWidth()),
                                centre.lowerHeight())));
    }

    private double width(Region pane, double otherwise) {
        return split.getItems().contains(pane) && pane.getWidth() > 0 ? pane.getWidth() : otherwise;
    }

    void foldHeads() {
        rememberPanes();
        PaneSizes now = settings.get().panes();
        fold(now.withHeadsShown(!now.headsShown()));
    }

    void foldInspector() {
        rememberPanes();
        PaneSizes now = settings.get().panes();
        fold(now.withInspectorShown(!now.inspectorShown()));
    }

    /** Folds the pane under the map away, or brings it back. */
    void foldLower() {
        rememberPanes();
        PaneSizes now = settings.get().panes();
        PaneSizes next = now.withLowerShown(!now.lowerShown());
        settings.change(all -> all.withPanes(next));
        centre.setUnfolded(next.lowerShown());
        map.setCompact(centre.lowerShown());
    }

    private void fold(PaneSizes sizes) {
        settings.change(now -> now.withPanes(sizes));
        showPanes();
        placeDividers();
    }

    TopBarView top() {
        return top;
    }

    MapPane map() {
        return map;
    }

    /** Lays a dialog over the window; it is handed what takes it away again. */
    void over(Function<Runnable, Node> dialog) {
        sheet.setVisible(false);
        closeDialog();
        StackPane holder = new StackPane();
        dialogHolder = holder;
        holder.getChildren().add(dialog.apply(this::closeDialog));
        getChildren().add(holder);
        holder.getChildren().getFirst().requestFocus();
    }

    /** Whether a dialog has the keyboard. */
    boolean dialogOpen() {
        return dialogHolder != null;
    }

    /** Takes the dialog away and gives the keyboard back to the map. */
    void closeDialog() {
        if (dialogHolder != null) {
            getChildren().remove(dialogHolder);
            dialogHolder = null;
            map.heatmap().requestFocus();
        }
    }

    ShortcutSheet sheet() {
        return sheet;
    }

    void stop() {
        status.stop();
    }
}
