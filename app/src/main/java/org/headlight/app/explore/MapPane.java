package org.headlight.app.explore;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.generate.GenerateViewModel;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.viz.control.bar.ColorBar;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.control.map.HeatmapView;
import org.headlight.viz.control.strip.PickMode;
import org.headlight.viz.control.strip.TokenMarks;
import org.headlight.viz.control.strip.TokenStrip;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** The map with its title and tools above, its colours and the tokens below. */
public final class MapPane extends VBox {
    /** One line of tokens, where room is short, and two. */
    private static final double SHORT_STRIP = 64;

    private static final double COMPACT_STRIP = 88;

    /** How far a bar of signed values goes beyond its colours. */
    private static final float BEYOND = 1.2f;

    private final ExploreViewModel explore;
    private final InspectorViewModel inspector;
    private final HeatmapView heatmap = new HeatmapView();
    private final ColorBar bar = new ColorBar();
    private final TokenStrip strip = new TokenStrip();
    private final FinderBar finder;
    private final GenerateViewModel generate;
    private final StepsViewModel steps;
    private final Label title = new Label();
    private final Label meaning = new Label();

    /**
     * A map that follows {@code explore}.
     *
     * @param generate what is being written meanwhile
     * @param export what the export button does
     */
    public MapPane(
            ExploreViewModel explore,
            InspectorViewModel inspector,
            GenerateViewModel generate,
            ReadOnlyBooleanProperty dark,
            Runnable export) {
        this.explore = explore;
        this.inspector = inspector;
        this.generate = generate;
        this.steps = new StepsViewModel(explore.captureProperty(), generate::response);
        this.finder =
                new FinderBar(
                        new FinderViewModel(explore),
                        heatmap.selectedCellProperty(),
                        heatmap::requestFocus);
        strip.tools().addAll(finder, buildFind());
        getStyleClass().addAll("pane", "map-pane");
        heatmap.darkProperty().bind(dark);
        // In a low window it is drawn smaller, rather than below what stands under it.
        heatmap.setMinSize(0, 0);
        strip.darkProperty().bind(dark);
        StackPane stage = new StackPane(heatmap, buildProblem());
        HBox.setHgrow(stage, Priority.ALWAYS);
        HBox picture = new HBox(stage, bar);
        VBox.setVgrow(picture, Priority.ALWAYS);
        picture.setMinHeight(160);
        bar.darkProperty().bind(dark);
        bar.setOnReset(this::fitRange);
        getChildren()
                .addAll(
                        buildHead(new MapToolBar.Actions(this::fit, this::oneToOne, export)),
                        new MapToolBar(explore),
                        picture,
                        buildMeaning(),
                        new StepsBar(steps),
                        strip);
        bindMap();
        bindCells();
        bindWriting();
    }

    private Button buildFind() {
        Button find = new Button(null, new FontIcon(Feather.SEARCH));
        find.getStyleClass().addAll("flat", "small", "button-icon");
        find.setAccessibleText("Find token");
        find.setTooltip(
                new Tooltip("Find a token in the text (" + KeyBinding.FIND_TOKEN.display() + ")."));
        find.setOnAction(event -> find());
        find.visibleProperty().bind(finder.visibleProperty().not());
        find.managedProperty().bind(find.visibleProperty());
        return find;
    }

    private Node buildHead(MapToolBar.Actions actions) {
        title.getStyleClass().addAll("pane-title", "map-title");
        Label badge =
                new MapBadge(
                        heatmap.badgeProperty(), new StandIn(explore).wordsProperty(), heatmap);
        ProgressIndicator working = new ProgressIndicator();
        working.getStyleClass().add("working");
        working.setPrefSize(16, 16);
        working.visibleProperty().bind(explore.computingProperty());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        title.setMinWidth(0);
        Node tools = MapToolBar.actions(actions);
        HBox head = new HBox(8, title, badge, working, gap, tools);
        head.setAlignment(Pos.CENTER_LEFT);
        head.getStyleClass().add("pane-head");
        return head;
    }

    private Node buildMeaning() {
        meaning.getStyleClass().addAll("caption", "map-meaning");
        meaning.setWrapText(true);
        meaning.setMinHeight(Region.USE_PREF_SIZE);
        meaning.textProperty().bind(bar.meaningProperty());
        return meaning;
    }

    private Node buildProblem() {
        Label problem = new Label();
        problem.setWrapText(true);
        problem.getStyleClass().add("map-problem");
        problem.textProperty().bind(explore.problemProperty());
        problem.visibleProperty().bind(explore.problemProperty().isNotEmpty());
        problem.setMouseTransparent(true);
        return problem;
    }

    private void bindMap() {
        explore.mapProperty().subscribe(map -> show());
        explore.dress()
                .insteadProperty()
                .subscribe(instead -> {
                    show();
                    showPooling();
                    showScale();
                });
        explore.shownHeadProperty().subscribe(head -> showTitle());
        explore.viewProperty()
                .subscribe(view -> {
                    showPooling();
                    heatmap.colorMapProperty().set(view.colorMap());
                    bar.colorMapProperty().set(view.colorMap());
                    bar.sinkDroppedProperty().set(view.dropSink());
                    strip.colorMapProperty().set(view.colorMap());
                });
        explore.scaleProperty()
                .subscribe(scale -> {
                    showScale();
                    strip.scaleProperty().set(scale);
                });
        bar.draggingProperty().addListener((property, old, now) -> explore.setRangeDragging(now));
        bar.scaleProperty().addListener((property, old, now) -> rescale(now));
    }

    /** The ends of the colours were moved: those of the head's map, or of what stands for it. */
    private void rescale(Scale now) {
        MapShow instead = explore.dress().insteadProperty().get();
        if (instead != null && instead.scale().isPresent()) {
            heatmap.scaleProperty().set(now);
        } else {
            explore.setRange(now);
        }
    }

    private void fitRange() {
        MapShow instead = explore.dress().insteadProperty().get();
        if (instead != null && instead.scale().isPresent()) {
            showScale();
        } else {
            explore.fitRange();
        }
    }

    private void showScale() {
        MapShow instead = explore.dress().insteadProperty().get();
        Scale own = explore.scaleProperty().get();
        Scale scale = instead == null ? own : instead.scale().orElse(own);
        heatmap.scaleProperty().set(scale);
        bar.scaleProperty().set(scale);
    }

    private void showPooling() {
        MapShow instead = explore.dress().insteadProperty().get();
        boolean signed = instead != null && instead.signed();
        Pooling pooling = signed ? Pooling.MEAN : explore.viewProperty().get().pooling();
        heatmap.poolingProperty().set(pooling);
        bar.poolingProperty().set(pooling);
        heatmap.signedProperty().set(signed);
        bar.signedProperty().set(signed);
    }

    private void showTitle() {
        MapShow instead = explore.dress().insteadProperty().get();
        title.setText(
                instead == null ? explore.title() : instead.name() + " \u00b7 " + explore.title());
    }

    private void show() {
        AttentionMap own = explore.mapProperty().get();
        MapShow instead = explore.dress().insteadProperty().get();
        AttentionMap map = own == null || instead == null ? own : instead.map();
        explore.site().ifPresentOrElse(site -> showTokens(site, map), this::showNoTokens);
        heatmap.mapProperty().set(map);
        if (map != null) {
            showEnds(map, instead);
            bar.droppedMassProperty().set(map.droppedMass());
        }
        showTitle();
    }

    /** A bar of signed values goes a little beyond its colours: few differences are large. */
    private void showEnds(AttentionMap map, @Nullable MapShow instead) {
        float most = Float.MAX_VALUE;
        if (instead != null && instead.signed()) {
            most = BEYOND * instead.scale().map(Scale::high).orElse(1f);
        }
        bar.smallestProperty().set(Math.max(-most, map.range()[0]));
        bar.largestProperty().set(Math.min(most, map.range()[1]));
    }

    private void showTokens(SiteCapture site, @Nullable AttentionMap map) {
        boolean known =
                map != null
                        && site.queryTokens().size() == map.rows()
                        && site.keyTokens().size() == map.cols();
        heatmap.queryTokensProperty().set(known ? site.queryTokens() : List.of());
        heatmap.keyTokensProperty().set(known ? site.keyTokens() : List.of());
        showStripTokens(site);
    }

    /** Without a capture; while one is exchanged for another, what stands there stays. */
    private void showNoTokens() {
        if (explore.captureProperty().get() == null) {
            heatmap.queryTokensProperty().set(List.of());
            heatmap.keyTokensProperty().set(List.of());
            heatmap.responseFromProperty().set(0);
            strip.responseFromProperty().set(TokenStrip.NONE);
            strip.tokensProperty().set(List.of());
        }
    }

    private void showStripTokens(SiteCapture site) {
        if (generate.writtenProperty().get().present()) {
            return;
        }
        Capture capture = explore.captureProperty().get();
        int from = capture == null ? 0 : capture.responseFrom();
        boolean response =
                from > 0
                        && capture != null
                        && from < capture.tokens().size()
                        && site.kind() == SiteKind.SELF;
        strip.responseFromProperty().set(response ? from : TokenStrip.NONE);
        heatmap.responseFromProperty().set(response ? from : 0);
        strip.tokensProperty()
                .set(
                        strip.modeProperty().get() == PickMode.QUERY
                                ? site.keyTokens()
                                : site.queryTokens());
    }

    private void bindCells() {
        heatmap.currentCellProperty().addListener((property, old, now) -> inspector.look(now));
        heatmap.selectedCellProperty().bindBidirectional(explore.selectedCellProperty());
        heatmap.overlayProperty().bind(explore.dress().overlayProperty());
        heatmap.selectedCellProperty().addListener((property, old, now) -> mark(now));
        strip.queryProperty().addListener((property, old, now) -> pick());
        strip.keyProperty().addListener((property, old, now) -> pick());
        strip.profileProperty()
                .bind(
                        Bindings.createObjectBinding(
                                this::tint,
                                inspector.profilesProperty(),
                                strip.modeProperty(),
                                generate.writtenProperty()));
        strip.tintProperty()
                .bind(
                        Bindings.createObjectBinding(
                                () ->
                                        generate.writtenProperty().get().present()
                                                ? null
                                                : explore.dress().tintProperty().get(),
                                explore.dress().tintProperty(),
                                generate.writtenProperty()));
        generate.writtenProperty().subscribe(written -> showMarks());
        explore.dress().marks().addListener((ListChangeListener<TokenMarks>) c -> showMarks());
        strip.modeProperty()
                .addListener(
                        (property, old, now) -> explore.site().ifPresent(this::showStripTokens));
    }

    /** A cell that stays locked is read again in another capture. */
    private void readAgain() {
        if (explore.captureProperty().get() == null) {
            show();
        }
        inspector.look(heatmap.currentCellProperty().get());
        Cell cell = heatmap.selectedCellProperty().get();
        steps.look(cell == null ? -1 : cell.row());
    }

    /** While a text is written the strip shows it, and the map that was there stays. */
    private void bindWriting() {
        generate.writtenProperty()
                .subscribe(written -> {
                    if (written.present()) {
                        strip.responseFromProperty().set(written.responseFrom());
                        strip.tokensProperty().set(written.tokens());
                        strip.reveal(written.tokens().size() - 1);
                    } else {
                        explore.site().ifPresent(this::showStripTokens);
                    }
                });
        explore.captureProperty().addListener((property, old, now) -> readAgain());
        steps.rowProperty()
                .addListener((property, old, row) -> {
                    if (row.intValue() >= 0) {
                        showRow(row.intValue());
                    }
                });
        heatmap.selectedCellProperty()
                .addListener((property, old, cell) -> steps.look(cell == null ? -1 : cell.row()));
    }

    /** Locks the cell of a row that has the most weight. */
    private void showRow(int row) {
        strip.modeProperty().set(PickMode.QUERY);
        Cell now = heatmap.selectedCellProperty().get();
        if (now == null || now.row() != row) {
            explore.selectQuery(row);
        }
        strip.reveal(row + 1);
    }

    private void showMarks() {
        boolean writing = generate.writtenProperty().get().present();
        strip.marks().setAll(writing ? List.of() : explore.dress().marks());
    }

    private float @Nullable [] tint() {
        if (generate.writtenProperty().get().present()) {
            return null;
        }
        Profiles profiles = inspector.profilesProperty().get();
        if (profiles == null) {
            return null;
        }
        return strip.modeProperty().get() == PickMode.QUERY ? profiles.row() : profiles.column();
    }

    private void mark(@Nullable Cell cell) {
        strip.queryProperty().set(cell == null ? TokenStrip.NONE : cell.row());
        strip.keyProperty().set(cell == null ? TokenStrip.NONE : cell.col());
        if (cell != null) {
            strip.reveal(strip.modeProperty().get() == PickMode.QUERY ? cell.row() : cell.col());
        }
    }

    /** A token picked in the strip moves the locked cell. */
    private void pick() {
        int query = strip.queryProperty().get();
        int key = strip.keyProperty().get();
        if ((query < 0 && key < 0) || generate.writtenProperty().get().present()) {
            return;
        }
        int row = query < 0 ? key : query;
        int col = key < 0 ? query : key;
        Cell now = heatmap.selectedCellProperty().get();
        if (now == null || now.row() != row || now.col() != col) {
            heatmap.selectedCellProperty().set(new Cell(row, col));
        }
    }

    /** Gives the map what room there is: two lines of tokens, nothing that can be left out. */
    public void setCompact(boolean compact) {
        meaning.setVisible(!compact);
        meaning.setManaged(!compact);
        strip.setMinHeight(compact ? SHORT_STRIP : Region.USE_COMPUTED_SIZE);
        strip.setMaxHeight(compact ? COMPACT_STRIP : Region.USE_COMPUTED_SIZE);
    }

    /** The map itself. */
    public HeatmapView heatmap() {
        return heatmap;
    }

    /** Shows the whole map. */
    public void fit() {
        heatmap.fit();
    }

    /** One cell, one pixel. */
    public void oneToOne() {
        heatmap.oneToOne();
    }

    /** Zooms around the middle; above 1 zooms in. */
    public void zoom(double factor) {
        heatmap.zoom(factor);
    }

    /** Lets go of the locked cell. */
    public void letGo() {
        heatmap.selectedCellProperty().set(null);
    }

    /** Asks for a token to find. */
    public void find() {
        finder.find();
    }

    /** Asks for a position to go to. */
    public void goTo() {
        finder.goTo();
    }
}
