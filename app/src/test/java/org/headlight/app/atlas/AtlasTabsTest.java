package org.headlight.app.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.geometry.Bounds;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableView;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;

import org.headlight.app.command.RunInput;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.InspectorViewModel;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.open.FixedDialogs;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ResultFile;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.viz.chart.ScatterChart;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The panes of the atlas as they are used, without a display. */
class AtlasTabsTest extends ApplicationTest {
    private final DirectTaskRunner tasks = new DirectTaskRunner();
    private final ExploreViewModel explore =
            new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
    private final AtlasViewModel atlas =
            new AtlasViewModel(tasks, explore, Optional::empty, SweepOptions.standard());
    private final RolloutViewModel rollout =
            new RolloutViewModel(tasks, explore, SweepOptions.standard());
    private final List<ResultFile> saved = new ArrayList<>();

    @Override
    public void start(Stage stage) {
        ReadingContext context =
                new ReadingContext(
                        tasks,
                        explore,
                        new InspectorViewModel(tasks, explore),
                        new ReadOnlyObjectWrapper<>(null),
                        new ReadOnlyObjectWrapper<>(new RunInput(RunInput.Kind.NONE, "")),
                        new SimpleBooleanProperty(),
                        Optional::empty,
                        (file, problem) -> saved.add(file),
                        FixedDialogs.cancelling(),
                        new Assets(),
                        (capture, input) -> {});
        explore.show(new FormulaCapture(2, 3, FormulaCapture.tokens(40)));
        atlas.setActive(true);
        stage.setScene(new Scene(new AtlasTabs(atlas, rollout, context), 1200, 420));
        stage.show();
    }

    private ScatterChart chart() {
        return lookup(node -> node instanceof ScatterChart).queryAs(ScatterChart.class);
    }

    private TableView<?> table() {
        return lookup(node -> node instanceof TableView<?>).queryAs(TableView.class);
    }

    @Test
    void aRectangleOverTheChartBrushesTheTable() {
        assertThat(table().getItems()).hasSize(6);
        Bounds all = chart().localToScreen(chart().getBoundsInLocal());
        moveTo(all.getMinX() + 50, all.getMinY() + 22);
        press(MouseButton.PRIMARY);
        moveTo(all.getMaxX() - 15, all.getMaxY() - 37);
        release(MouseButton.PRIMARY);
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(atlas.brushed()).hasSize(6);
        interact(() -> atlas.brush(List.of(new HeadRef(1, 0))));
        assertThat(table().getItems()).hasSize(1);
        assertThat(chart().marked()).containsExactly(3);
    }

    @Test
    void aLineOfTheTableIsTheHeadOnShow() {
        interact(() -> table().getSelectionModel().select(4));
        assertThat(explore.viewProperty().get().head()).isEqualTo(new HeadRef(1, 1));
        assertThat(chart().chosenProperty().get()).isEqualTo(4);
        interact(() -> explore.selectHead(new HeadRef(0, 2)));
        assertThat(table().getSelectionModel().getSelectedIndex()).isEqualTo(2);
    }

    @Test
    void theTabShowsTheWayOfTheLockedQuery() {
        clickOn(node -> node instanceof Labeled label && "Rollout".equals(label.getText()));
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(lookup(RolloutPane.SENTENCE).queryAll()).isNotEmpty();
        ValueMatrix matrix = lookup(node -> node instanceof ValueMatrix).queryAs(ValueMatrix.class);
        assertThat(matrix.valuesProperty().get().rows()).isEqualTo(40);
        interact(() -> explore.selectedCellProperty().set(new Cell(21, 4)));
        assertThat(lookup(node -> starts(node, "To token 21 ")).queryAll()).hasSize(1);
        assertThat(explore.dress().tintProperty().get()).isNotNull();
        clickOn(node -> node instanceof Labeled label && "Heads".equals(label.getText()));
        WaitForAsyncUtils.waitForFxEvents();
        assertThat(explore.dress().tintProperty().get()).isNull();
        assertThat(table().getItems()).hasSize(6);
    }

    private static boolean starts(Object node, String words) {
        return node instanceof Labeled label
                && label.getText() != null
                && label.getText().startsWith(words);
    }

    @Test
    void everyResultCanBeWritten() {
        export();
        assertThat(saved).extracting(ResultFile::name).contains("atlas");
        int heads = saved.size();
        interact(() -> atlas.followingProperty().set(true));
        export();
        assertThat(saved.subList(heads, saved.size()))
                .extracting(ResultFile::name)
                .containsExactly("rollout-map", "rollout-39", "rollout-39", "rollout-39");
    }

    private void export() {
        MenuButton menu = lookup(node -> node instanceof MenuButton).queryAs(MenuButton.class);
        interact(() -> menu.getItems().forEach(MenuItem::fire));
    }
}
