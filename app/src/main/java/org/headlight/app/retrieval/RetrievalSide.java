package org.headlight.app.retrieval;

import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;

import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Locale;
import java.util.function.Function;

/** The ranking of the heads, and the evidence of one trial. */
final class RetrievalSide extends VBox {
    private final RetrievalViewModel retrieval;
    private final ExploreViewModel explore;
    private final HeadLink heads;
    private final ObservableList<HeadScore> ranking = FXCollections.observableArrayList();
    private final ObservableList<Evidence> evidence = FXCollections.observableArrayList();
    private final TableView<HeadScore> scores = new TableView<>(ranking);
    private final TableView<Evidence> copies = new TableView<>(evidence);
    private final Label rankingTitle = new Label("Ranking");
    private final Label answer = new Label();
    private boolean following;

    RetrievalSide(RetrievalViewModel retrieval, ExploreViewModel explore, HeadLink heads) {
        super(8);
        this.retrieval = retrieval;
        this.explore = explore;
        this.heads = heads;
        getStyleClass().addAll("pane", "retrieval-side");
        rankingTitle.getStyleClass().add("pane-title");
        rankingTitle.setWrapText(true);
        rankingTitle.setMinHeight(Region.USE_PREF_SIZE);
        Label trialTitle = new Label("Evidence of a trial");
        trialTitle.getStyleClass().add("pane-title");
        answer.setWrapText(true);
        answer.setMinHeight(Region.USE_PREF_SIZE);
        answer.getStyleClass().add("caption");
        buildScores();
        buildCopies();
        VBox.setVgrow(scores, Priority.ALWAYS);
        VBox.setVgrow(copies, Priority.ALWAYS);
        getChildren()
                .addAll(
                        rankingTitle,
                        scores,
                        trialTitle,
                        buildTrials(),
                        answer,
                        copies,
                        buildShow());
        retrieval.scoresProperty().subscribe(now -> showRanking());
        retrieval.setup().kindProperty().subscribe(now -> showRanking());
        retrieval.setup().thresholdProperty().subscribe(now -> showRanking());
        retrieval.trialProperty().subscribe(now -> showTrial(now));
        heads.shownProperty().subscribe(this::follow);
    }

    private static <T> TableColumn<T, String> column(
            String name, String tip, double width, Function<T, String> text) {
        TableColumn<T, String> column = new TableColumn<>();
        Label title = new Label(name);
        title.setTooltip(new Tooltip(tip));
        column.setGraphic(title);
        column.setPrefWidth(width);
        column.setSortable(false);
        column.setReorderable(false);
        column.setCellValueFactory(row -> constant(text.apply(row.getValue())));
        return column;
    }

    private static ObservableValue<String> constant(String text) {
        return new ReadOnlyStringWrapper(text);
    }

    private void buildScores() {
        scores.getColumns().add(column("head", "Layer and head.", 56, HeadScore::name));
        scores.getColumns()
                .add(
                        column(
                                "set",
                                "Different needle tokens that the head copied, over those of the"
                                        + " needle; mean over successful trials.",
                                56,
                                score -> NumberText.plain(score.set())));
        scores.getColumns()
                .add(
                        column(
                                "count",
                                "Matching steps over needle tokens, as the paper's code counts.",
                                56,
                                score -> NumberText.plain(score.count())));
        scores.getColumns()
                .add(
                        column(
                                "active",
                                "Share of successful trials in which it copied at least one token.",
                                56,
                                score -> NumberText.plain(score.activation())));
        look(scores, "No successful trial yet.", "Heads by retrieval score, highest first");
        scores.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, old, now) -> {
                    if (!following && now != null) {
                        heads.select(now.head());
                    }
                });
    }

    private void buildCopies() {
        copies.getColumns()
                .add(
                        column(
                                "step",
                                "Token of the response, from 0.",
                                40,
                                e -> Integer.toString(e.copy().step())));
        copies.getColumns().add(column("token", "What was written.", 66, e -> label(e.token())));
        copies.getColumns()
                .add(
                        column(
                                "from",
                                "Position in the needle where the same token stands.",
                                52,
                                e -> NumberText.count(e.copy().position())));
        copies.getColumns()
                .add(column("head", "The head that looked there.", 52, Evidence::headName));
        copies.getColumns()
                .add(
                        column(
                                "weight",
                                "Its attention there, the largest of its row.",
                                56,
                                e -> NumberText.probability((float) e.copy().weight())));
        look(copies, "No head copied a token.", "Tokens that heads copied, step by step");
        copies.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, old, now) -> {
                    if (now != null) {
                        point(now);
                    }
                });
    }

    private static String label(String token) {
        return TokenLabel.of(new Token(0, 0, token, false), 10).text();
    }

    private static void look(TableView<?> table, String empty, String words) {
        Label none = new Label(empty);
        none.getStyleClass().add("caption");
        table.setPlaceholder(none);
        table.setAccessibleText(words);
        table.getStyleClass().addAll("dense", "mono", "retrieval-table");
        table.setMinHeight(90);
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    }

    private Node buildTrials() {
        ComboBox<Trial> box = new ComboBox<>(retrieval.trials());
        box.setConverter(
                new StringConverter<>() {
                    @Override
                    public String toString(@Nullable Trial trial) {
                        return trial == null ? "" : words(trial);
                    }

                    @Override
                    public @Nullable Trial fromString(@Nullable String text) {
                        return null;
                    }
                });
        box.setMaxWidth(Double.MAX_VALUE);
        box.getStyleClass().add("small");
        box.setPromptText("Choose a cell of the grid");
        box.setAccessibleText("Trials of the chosen cell");
        box.setTooltip(new Tooltip("The trials of the chosen cell of the needle grid."));
        box.valueProperty()
                .addListener((property, old, now) -> {
                    if (now != null) {
                        retrieval.trialProperty().set(now);
                    }
                });
        retrieval
                .trialProperty()
                .subscribe(now -> {
                    if (now != null) {
                        box.setValue(now);
                    }
                });
        return box;
    }

    private static String words(Trial trial) {
        return String.format(
                Locale.ROOT,
                "%s \u00b7 %,d tokens \u00b7 depth %.0f %% \u00b7 recall %s",
                trial.needle(),
                trial.length(),
                trial.depth(),
                NumberText.plain(trial.recall()));
    }

    private Node buildShow() {
        Button show = new Button("Show on the map", new FontIcon(Feather.MAP));
        show.setMaxWidth(Double.MAX_VALUE);
        show.setTooltip(
                new Tooltip(
                        "Lets the model answer again and shows the map of prompt and response; a"
                                + " line of the list then leads to its cell."));
        show.disableProperty().bind(retrieval.trialProperty().isNull());
        show.setOnAction(event -> retrieval.showOnMap());
        return show;
    }

    private void showRanking() {
        following = true;
        ranking.setAll(retrieval.ranking());
        following = false;
        double threshold = retrieval.setup().thresholdProperty().get();
        long above =
                ranking.stream()
                        .filter(s -> retrieval.setup().kindProperty().get().of(s) >= threshold)
                        .count();
        rankingTitle.setText(
                ranking.isEmpty()
                        ? "Ranking"
                        : String.format(
                                Locale.ROOT,
                                "%,d of %,d heads score %s or more",
                                above,
                                ranking.size(),
                                NumberText.plain(threshold)));
        follow(heads.shownProperty().get());
    }

    private void follow(@Nullable HeadAddress head) {
        following = true;
        scores.getSelectionModel().clearSelection();
        for (HeadScore score : ranking) {
            if (score.head().equals(head)) {
                scores.getSelectionModel().select(score);
            }
        }
        following = false;
    }

    private void showTrial(@Nullable Trial trial) {
        evidence.setAll(retrieval.evidence());
        answer.setText(
                trial == null
                        ? ""
                        : "Answer: "
                                + trial.text().strip()
                                + "\nNeedle at tokens "
                                + NumberText.count(trial.needleStart())
                                + " to "
                                + NumberText.count(trial.needleEnd() - 1)
                                + " of "
                                + NumberText.count(trial.promptTokens())
                                + ".");
    }

    /** Leads to the head of a copy, and to its cell when the map is that of the trial. */
    private void point(Evidence chosen) {
        if (retrieval.onMap(explore.captureProperty().get())) {
            heads.select(chosen.head(), chosen.row(), chosen.copy().position());
        } else {
            heads.select(chosen.head());
        }
    }
}
