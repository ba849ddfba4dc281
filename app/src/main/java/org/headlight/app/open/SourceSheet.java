package org.headlight.app.open;

import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

import org.headlight.app.open.SourceSheetViewModel.Fact;
import org.headlight.app.open.SourceSheetViewModel.SiteLine;
import org.headlight.engine.attention.UnsupportedSite;

import java.util.List;

/** What was found in the open model, over the window. */
public final class SourceSheet extends StackPane {
    private static final double WIDTH = 760;
    private static final double SITES_HEIGHT = 220;
    private static final double REASONS_HEIGHT = 110;

    /**
     * A sheet.
     *
     * @param close takes it away
     */
    public SourceSheet(SourceSheetViewModel source, Runnable close) {
        getStyleClass().add("sheet-veil");
        Label title = new Label(source.title());
        title.getStyleClass().add("sheet-title");
        Label check = new Label();
        check.setId("source-check");
        check.setWrapText(true);
        check.setMinHeight(Region.USE_PREF_SIZE);
        check.textProperty().bind(source.checkProperty());
        check.managedProperty().bind(check.textProperty().isNotEmpty());
        VBox sheet = new VBox(12, title, facts(source.facts()), check, sites(source.sites()));
        List<UnsupportedSite> unsupported = source.unsupported();
        if (!unsupported.isEmpty()) {
            sheet.getChildren()
                    .addAll(group("Not understood", unsupported.size()), reasons(unsupported));
        }
        Button done = new Button("Close");
        done.setDefaultButton(true);
        done.setCancelButton(true);
        done.setOnAction(event -> close.run());
        HBox foot = new HBox(done);
        foot.setAlignment(Pos.CENTER_RIGHT);
        sheet.getChildren().add(foot);
        sheet.getStyleClass().addAll("sheet", "source-sheet");
        sheet.setPrefWidth(WIDTH);
        sheet.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        getChildren().add(sheet);
    }

    private static Label group(String words, int count) {
        Label label = new Label(words + " (" + count + ")");
        label.getStyleClass().add("sheet-group");
        return label;
    }

    private static Node facts(List<Fact> facts) {
        GridPane grid = new GridPane();
        grid.setHgap(16);
        grid.setVgap(4);
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(names, values);
        int row = 0;
        for (Fact fact : facts) {
            Label value = text(fact.value());
            value.setWrapText(true);
            value.setMinWidth(0);
            grid.addRow(row++, muted(fact.name()), value);
        }
        return grid;
    }

    private static Node sites(List<SiteLine> sites) {
        GridPane grid = new GridPane();
        grid.setHgap(16);
        grid.setVgap(4);
        List<String> heads =
                List.of("layer", "kind", "form", "heads", "KV", "width", "mask", "node");
        for (int column = 0; column < heads.size(); column++) {
            grid.add(muted(heads.get(column)), column, 0);
        }
        for (int row = 0; row < sites.size(); row++) {
            SiteLine site = sites.get(row);
            List<String> cells =
                    List.of(
                            "L" + site.layer(),
                            site.kind(),
                            site.form(),
                            Integer.toString(site.heads()),
                            Integer.toString(site.kvHeads()),
                            site.headDim() == 0 ? "" : Integer.toString(site.headDim()),
                            site.causal() ? "causal" : "",
                            site.node());
            for (int column = 0; column < cells.size(); column++) {
                grid.add(text(cells.get(column)), column, row + 1);
            }
        }
        return scrolling(grid, SITES_HEIGHT);
    }

    private static Node reasons(List<UnsupportedSite> unsupported) {
        GridPane grid = new GridPane();
        grid.setHgap(16);
        grid.setVgap(6);
        int row = 0;
        for (UnsupportedSite site : unsupported) {
            Label node = text(site.node());
            GridPane.setValignment(node, VPos.TOP);
            Label reason = new Label(site.reason());
            reason.setWrapText(true);
            reason.setMinHeight(Region.USE_PREF_SIZE);
            reason.setMaxWidth(WIDTH * 0.6);
            grid.addRow(row++, node, reason);
        }
        return scrolling(grid, REASONS_HEIGHT);
    }

    private static ScrollPane scrolling(Node content, double height) {
        ScrollPane pane = new ScrollPane(content);
        pane.setFitToWidth(true);
        pane.setMaxHeight(height);
        pane.setMinViewportHeight(24);
        return pane;
    }

    private static Label muted(String words) {
        Label label = new Label(words);
        label.getStyleClass().add("text-muted");
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private static Label text(String words) {
        Label label = new Label(words);
        label.getStyleClass().add("mono");
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }
}
