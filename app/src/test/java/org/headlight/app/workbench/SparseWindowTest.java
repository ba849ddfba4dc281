package org.headlight.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;

import org.headlight.app.explore.MapShow;
import org.headlight.viz.chart.FrontierChart;
import org.junit.jupiter.api.Test;

/** Sparse runs in the real window, without a display. */
class SparseWindowTest extends WindowTest {
    private boolean says(String text) {
        return lookup(node -> node instanceof Label label && text.equals(label.getText()))
                .queryAll()
                .stream()
                .anyMatch(Node::isVisible);
    }

    @Test
    void aRunLaysItsMaskOverTheMapAndTheFrontierGrows() throws Exception {
        until(() -> model().explore().mapProperty().get() != null);
        push(KeyCode.CONTROL, KeyCode.DIGIT8);
        until(() -> says("Sparse attention"));
        assertThat(model().explore().dress().overlayProperty().get()).isNull();

        clickOn(".sparse-run");
        until(() -> model().explore().dress().overlayProperty().get() != null);
        assertThat(says("density")).isTrue();
        clickOn("difference");
        until(() -> model().explore().dress().insteadProperty().get() != null);
        MapShow shown = model().explore().dress().insteadProperty().get();
        assertThat(shown).isNotNull();
        assertThat(shown.signed()).isTrue();
        assertThat(lookup(".map-title").<Label>query().getText()).startsWith("sparse \u2212 dense");
        push(KeyCode.CONTROL, KeyCode.DOWN);
        until(() -> {
            MapShow next = model().explore().dress().insteadProperty().get();
            return next != null && !next.equals(shown);
        });

        clickOn("Frontier");
        clickOn(".sparse-sweep");
        FrontierChart chart = lookup(".frontier-chart").query();
        until(() -> chart.isVisible() && !chart.getAccessibleText().startsWith("0 "));
        clickOn("Cancel");
        until(() -> lookup(".reading-work").queryAll().stream().noneMatch(Node::isVisible));
        interact(chart::requestFocus);
        push(KeyCode.RIGHT);
        assertThat(chart.getAccessibleHelp()).contains("(").contains(", ");
        push(KeyCode.ENTER);
        assertThat(chart.chosenProperty().get()).isEqualTo(chart.hoveredProperty().get());

        push(KeyCode.CONTROL, KeyCode.DIGIT1);
        assertThat(model().explore().dress().overlayProperty().get()).isNull();
        assertThat(model().explore().dress().insteadProperty().get()).isNull();
    }
}
