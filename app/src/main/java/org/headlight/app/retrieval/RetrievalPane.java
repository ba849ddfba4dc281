package org.headlight.app.retrieval;

import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.NeedleGrid;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.viz.control.matrix.MatrixCell;
import org.headlight.viz.control.matrix.ValueMatrix;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.ValueGrid;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** The scores of the heads and, side by side, what was found with and without them. */
final class RetrievalPane extends HBox {
    private final RetrievalViewModel retrieval;
    private final HeadLink heads;
    private final ValueMatrix scores = new ValueMatrix();
    private final Label scoreTitle = new Label();
    private final HBox grids = new HBox(16);
    private final List<ValueMatrix> recalls = new ArrayList<>();
    private ColorMap colors = ColorMap.VIRIDIS;
    private boolean dark;
    private boolean following;

    RetrievalPane(RetrievalViewModel retrieval, HeadLink heads) {
        super(16);
        this.retrieval = retrieval;
        this.heads = heads;
        getStyleClass().add("retrieval-pane");
        scoreTitle.getStyleClass().add("profile-title");
        scoreTitle.setTooltip(
                new Tooltip(
                        "Mean over the successful trials of |g \u2229 k| / |k|: the different"
                                + " tokens of the needle k that the head copied, g, over those of"
                                + " the needle. By count: matching steps over needle tokens."));
        VBox left = box(scoreTitle, scores);
        left.setPrefWidth(220);
        HBox.setHgrow(grids, Priority.ALWAYS);
        getChildren().addAll(left, grids);
        scores.hoverTextProperty().set(this::describe);
        scores.selectedProperty().addListener((property, old, now) -> selected(now));
        heads.shownProperty().subscribe(this::follow);
        retrieval.scoresProperty().subscribe(now -> showScores());
        retrieval.setup().kindProperty().subscribe(now -> showScores());
        retrieval.resultProperty().subscribe(this::showGrids);
        retrieval.trialProperty().subscribe(this::showCell);
    }

    /** The colours of all matrices. */
    void look(ColorMap map, boolean isDark) {
        colors = map;
        dark = isDark;
        List<ValueMatrix> all = new ArrayList<>(recalls);
        all.add(scores);
        for (ValueMatrix matrix : all) {
            matrix.colorMapProperty().set(map);
            matrix.darkProperty().set(isDark);
        }
    }

    private static VBox box(Label title, ValueMatrix matrix) {
        title.setMinWidth(0);
        VBox box = new VBox(4, title, matrix);
        box.setMinWidth(110);
        box.setAlignment(Pos.TOP_LEFT);
        VBox.setVgrow(matrix, Priority.ALWAYS);
        return box;
    }

    private void showScores() {
        RetrievalScores now = retrieval.scoresProperty().get();
        ScoreKind kind = retrieval.setup().kindProperty().get();
        scores.valuesProperty()
                .set(now == null ? ValueGrid.EMPTY : RetrievalGrids.scores(now, kind));
        scores.scaleProperty().set(kind == ScoreKind.SET ? RetrievalGrids.UNIT : null);
        scoreTitle.setText(
                now == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "Score by %s, %,d of %,d trials",
                                kind.key(),
                                now.succeeded(),
                                now.trials()));
        follow(heads.shownProperty().get());
    }

    private @Nullable HeadAddress address(MatrixCell cell) {
        RetrievalScores now = retrieval.scoresProperty().get();
        List<Integer> layers = now == null ? List.of() : RetrievalGrids.layers(now);
        return cell.row() < layers.size()
                ? HeadAddress.self(layers.get(cell.row()), cell.column())
                : null;
    }

    private String describe(MatrixCell cell) {
        RetrievalScores now = retrieval.scoresProperty().get();
        HeadAddress address = address(cell);
        if (now == null || address == null) {
            return "";
        }
        return now.heads().stream()
                .filter(score -> score.head().equals(address))
                .findFirst()
                .map(RetrievalPane::words)
                .orElse("");
    }

    private static String words(HeadScore score) {
        return score.name()
                + "  score "
                + value(score.set())
                + ", by count "
                + value(score.count())
                + ", active in "
                + value(100 * score.activation())
                + " % of trials";
    }

    private static String value(double number) {
        return Double.isNaN(number) ? "\u2013" : NumberText.plain(number);
    }

    private void selected(@Nullable MatrixCell cell) {
        HeadAddress address = cell == null ? null : address(cell);
        if (!following && address != null) {
            heads.select(address);
        }
    }

    private void follow(@Nullable HeadAddress head) {
        RetrievalScores now = retrieval.scoresProperty().get();
        MatrixCell cell = null;
        if (now != null && head != null) {
            int row = RetrievalGrids.layers(now).indexOf(head.layer());
            cell = row < 0 ? null : new MatrixCell(row, head.head());
        }
        following = true;
        scores.selectedProperty().set(cell);
        following = false;
    }

    private void showGrids(@Nullable RetrievalResult now) {
        int wanted = now == null ? 0 : 1 + now.masked().size();
        while (recalls.size() < wanted) {
            add();
        }
        while (recalls.size() > wanted) {
            recalls.removeLast();
            grids.getChildren().removeLast();
        }
        if (now == null) {
            return;
        }
        fill(0, "Recall", "", now.grid());
        for (int i = 0; i < now.masked().size(); i++) {
            RetrievalResult.Masked masked = now.masked().get(i);
            fill(i + 1, title(masked), tip(masked), now.grid(masked));
        }
        showCell(retrieval.trialProperty().get());
    }

    private void add() {
        ValueMatrix matrix = new ValueMatrix();
        matrix.scaleProperty().set(RetrievalGrids.UNIT);
        matrix.colorMapProperty().set(colors);
        matrix.darkProperty().set(dark);
        matrix.selectedProperty()
                .addListener((property, old, cell) -> {
                    RetrievalResult now = retrieval.resultProperty().get();
                    if (!following && cell != null && now != null) {
                        retrieval.choose(
                                now.plan().lengths().get(cell.column()),
                                now.plan().depths().get(cell.row()));
                    }
                });
        Label title = new Label();
        title.getStyleClass().add("profile-title");
        VBox box = box(title, matrix);
        HBox.setHgrow(box, Priority.ALWAYS);
        box.setPrefWidth(160);
        recalls.add(matrix);
        grids.getChildren().add(box);
    }

    private void fill(int index, String title, String tip, NeedleGrid grid) {
        recalls.get(index).valuesProperty().set(RetrievalGrids.recall(grid));
        VBox box = (VBox) grids.getChildren().get(index);
        Label label = (Label) box.getChildren().getFirst();
        label.setText(title + ": " + value(grid.recall()));
        label.setTooltip(
                new Tooltip(
                        (tip.isEmpty() ? "" : tip + " ")
                                + String.format(
                                        Locale.ROOT,
                                        "Mean ROUGE-1 recall; %,d of %,d trials succeeded.",
                                        grid.succeeded(),
                                        grid.trials())));
    }

    private static String title(RetrievalResult.Masked masked) {
        return "No " + masked.mask().name().replace(':', ' ');
    }

    private static String tip(RetrievalResult.Masked masked) {
        String names =
                masked.mask().heads().stream()
                        .map(RetrievalJson::name)
                        .collect(Collectors.joining(", "));
        String elsewhere =
                masked.mask().elsewhere() == 0
                        ? ""
                        : ", "
                                + masked.mask().elsewhere()
                                + " of them from other layers, where these had no others";
        return "Masked while "
                + (masked.phase().key().equals("all") ? "reading and writing" : "writing")
                + ": "
                + names
                + elsewhere
                + ".";
    }

    private void showCell(@Nullable Trial trial) {
        RetrievalResult now = retrieval.resultProperty().get();
        MatrixCell cell = null;
        if (trial != null && now != null) {
            int row = now.plan().depths().indexOf(trial.depth());
            int column = now.plan().lengths().indexOf(trial.length());
            cell = row < 0 || column < 0 ? null : new MatrixCell(row, column);
        }
        following = true;
        for (ValueMatrix matrix : recalls) {
            if (!Objects.equals(matrix.selectedProperty().get(), cell)) {
                matrix.selectedProperty().set(cell);
            }
        }
        following = false;
    }

    /** The scale of the scores as they are shown. */
    ValueMatrix scores() {
        return scores;
    }
}
