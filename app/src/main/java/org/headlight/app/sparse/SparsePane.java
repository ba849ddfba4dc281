package org.headlight.app.sparse;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

import org.controlsfx.control.SegmentedButton;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Controls above, and below them the result, both responses, or the frontier. */
final class SparsePane {
    private static final String SENTENCE =
            "The same text with chosen keys only, the work really skipped: what that keeps, loses"
                    + " and saves.";

    /** The frontier's tools and a chart that can be read, in pixels. */
    private static final double CHART_HEIGHT = 235;

    private final SparseParts parts;
    private final ReadingPane pane;
    private final ResultView result;
    private final Map<String, Node> pages = new LinkedHashMap<>();
    private final StackPane page = new StackPane();
    private final List<Node> runs;

    SparsePane(SparseParts parts, ReadingContext context) {
        this.parts = parts;
        this.pane = new ReadingPane("Sparse attention", SENTENCE, parts.sparse().state());
        this.result = new ResultView(parts.sparse());
        pages.put("Result", withHint(result));
        pages.put("Response", new ResponseView(parts.responses(), parts.sparse()));
        pages.put("Frontier", new FrontierPane(parts.frontier(), parts.sparse()));
        SparseTools tools = new SparseTools(parts.sparse(), parts.maps());
        runs = tools.runs();
        pane.tools().addAll(runs);
        pane.tools().addAll(tools.always());
        pane.actions().addAll(switches(), buildExport(context));
        pane.setContent(page);
        choose("Result");
    }

    Node node() {
        return pane;
    }

    /** Without a run there is nothing but what to do. */
    private Node withHint(Region content) {
        Label hint = new Label(SparseViewModel.START);
        hint.getStyleClass().add("empty-sentence");
        hint.setWrapText(true);
        hint.visibleProperty().bind(parts.sparse().runProperty().isNull());
        content.visibleProperty().bind(parts.sparse().runProperty().isNotNull());
        StackPane both = new StackPane(content, hint);
        both.setMinHeight(0);
        both.setAlignment(Pos.CENTER);
        return both;
    }

    private Node switches() {
        SegmentedButton all = new SegmentedButton();
        for (String name : pages.keySet()) {
            ToggleButton button = new ToggleButton(name);
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setTooltip(new Tooltip(tip(name)));
            button.setSelected(name.equals("Result"));
            button.setOnAction(event -> {
                choose(name);
                button.setSelected(true);
            });
            all.getButtons().add(button);
        }
        all.setMinWidth(Region.USE_PREF_SIZE);
        HBox box = new HBox(all);
        box.setAlignment(Pos.CENTER);
        return box;
    }

    private static String tip(String name) {
        return switch (name) {
            case "Result" -> "Where the time went, and how wrong each layer is.";
            case "Response" -> "What the model writes on, densely and sparsely.";
            default -> "Many policies and settings: what each costs against what it loses.";
        };
    }

    /** The frontier can be looked at before any run: it makes its own. */
    private void choose(String name) {
        boolean frontier = name.equals("Frontier");
        page.getChildren().setAll(pages.get(name));
        pane.setContentMinHeight(frontier ? CHART_HEIGHT : 0);
        pane.tools().removeAll(runs);
        if (!frontier) {
            pane.tools().addAll(0, runs);
        }
    }

    private Node buildExport(ReadingContext context) {
        SparseExport export = new SparseExport(parts, context, result.layers());
        return new ExportMenu(
                context.export(),
                parts.sparse().state(),
                List.of(
                        new ExportMenu.Item("Map on show, with mask (PNG)", export::map),
                        new ExportMenu.Item("Error by layer (PNG)", export::layers),
                        new ExportMenu.Item("Run with all heads (JSON)", export::json),
                        new ExportMenu.Item("Heads (CSV)", export::table),
                        new ExportMenu.Item("Frontier (PNG)", export::frontier),
                        new ExportMenu.Item("Frontier (CSV)", export::points),
                        new ExportMenu.Item("Frontier (JSON)", export::pointsJson)));
    }
}
