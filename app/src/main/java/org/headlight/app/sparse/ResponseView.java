package org.headlight.app.sparse;

import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.reading.NumberSpinner;
import org.headlight.engine.token.Token;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;

/** Both responses, token by token, with the first one that differs marked. */
final class ResponseView extends ScrollPane {
    private static final int MOST = 512;
    private static final int LABEL = 24;

    private final ResponseViewModel model;
    private final FlowPane dense = tokens("Dense response");
    private final FlowPane sparse = tokens("Sparse response");
    private final Label verdict = new Label();

    ResponseView(ResponseViewModel model, SparseViewModel run) {
        this.model = model;
        setFitToWidth(true);
        getStyleClass().addAll("edge-to-edge", "sparse-responses");
        verdict.setWrapText(true);
        verdict.getStyleClass().add("text-muted");
        verdict.setMinHeight(Region.USE_PREF_SIZE);
        VBox box =
                new VBox(
                        8,
                        buildTools(run),
                        verdict,
                        named("dense", dense),
                        named("sparse", sparse));
        box.getStyleClass().add("sparse-response-box");
        setContent(box);
        model.responsesProperty().subscribe(this::show);
    }

    private static FlowPane tokens(String words) {
        FlowPane pane = new FlowPane(2, 4);
        pane.setAccessibleText(words);
        return pane;
    }

    private static HBox named(String name, FlowPane pane) {
        Label label = new Label(name);
        label.getStyleClass().add("text-muted");
        label.setMinWidth(52);
        HBox box = new HBox(8, label, pane);
        HBox.setHgrow(pane, Priority.ALWAYS);
        return box;
    }

    private HBox buildTools(SparseViewModel run) {
        Button write = new Button("Write on, densely and sparsely", new FontIcon(Feather.EDIT_3));
        write.getStyleClass().addAll("small", "sparse-write");
        write.setMinWidth(Region.USE_PREF_SIZE);
        write.setTooltip(
                new Tooltip(
                        "Lets the model go on after the prompt, greedily: as it is, and with the"
                                + " policies of the run on show."));
        write.disableProperty()
                .bind(
                        run.runProperty()
                                .isNull()
                                .or(Bindings.isNotNull(run.state().workProperty())));
        write.setOnAction(event -> model.write());
        String tip = "The most tokens of each response.";
        NumberSpinner<Integer> most =
                NumberSpinner.whole(model.mostProperty(), 1, MOST, 8, "tokens", tip);
        most.getStyleClass().add("small");
        most.setPrefWidth(80);
        HBox tools = new HBox(12, write, SparseTools.labelled("tokens", tip, most));
        tools.setAlignment(Pos.CENTER_LEFT);
        return tools;
    }

    private void show(ResponseViewModel.@Nullable Responses now) {
        dense.getChildren().clear();
        sparse.getChildren().clear();
        if (now == null) {
            verdict.setText(
                    "What the model writes after the prompt, with dense and with sparse"
                            + " attention.");
            return;
        }
        int same = now.same();
        fill(dense, now.dense(), now.equal() ? -1 : same);
        fill(sparse, now.sparse(), now.equal() ? -1 : same);
        verdict.setText(verdict(now, same));
    }

    private static String verdict(ResponseViewModel.Responses now, int same) {
        String runs = " (" + now.passes() + (now.passes() == 1 ? " run" : " runs") + ")";
        return now.equal()
                ? "Both write the same " + now.dense().size() + " tokens" + runs + "."
                : same == 0
                        ? "They differ from the first token on" + runs + "."
                        : "The first "
                                + same
                                + (same == 1 ? " token is" : " tokens are")
                                + " the same; the marked ones differ first"
                                + runs
                                + ".";
    }

    private static void fill(FlowPane pane, List<Token> tokens, int differs) {
        StringBuilder words = new StringBuilder(pane.getAccessibleText());
        for (int i = 0; i < tokens.size(); i++) {
            Label label = new Label(TokenLabel.of(tokens.get(i), LABEL).text());
            label.getStyleClass().addAll("mono", "response-token");
            if (i == differs) {
                label.getStyleClass().add("differs");
                label.setTooltip(new Tooltip("The first token that differs."));
            } else if (differs >= 0 && i > differs) {
                label.getStyleClass().add("after");
            }
            words.append(' ').append(tokens.get(i).text());
            pane.getChildren().add(label);
        }
        pane.setAccessibleHelp(words.toString());
    }
}
