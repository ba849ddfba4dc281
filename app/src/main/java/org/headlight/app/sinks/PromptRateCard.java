package org.headlight.app.sinks;

import javafx.beans.property.DoubleProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.app.open.FileDialogs;
import org.headlight.app.reading.FactGrid;
import org.headlight.app.reading.NumberSpinner;
import org.headlight.app.sinks.PromptRateViewModel.PromptResult;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.nio.file.Path;
import java.util.Optional;

/** Choose prompts, run, and read in how many of them each head has a sink. */
final class PromptRateCard extends VBox {
    private static final int LARGEST = 1_000_000;

    private final PromptRateViewModel prompts;
    private final DoubleProperty epsilon;
    private final FileDialogs dialogs;
    private final Label outcome = new Label();

    PromptRateCard(PromptRateViewModel prompts, DoubleProperty epsilon, FileDialogs dialogs) {
        super(8);
        this.prompts = prompts;
        this.epsilon = epsilon;
        this.dialogs = dialogs;
        getStyleClass().add("sinks-card");
        Label title = new Label("Over many prompts");
        title.getStyleClass().add("pane-title");
        Label sentence =
                new Label(
                        "One text may be an exception: the sink rate (Gu et al. 2024) is over 100"
                                + " prompts of 64 tokens. The matrix shows in what share of them a"
                                + " head has its sink at token 0.");
        sentence.getStyleClass().add("caption");
        sentence.setWrapText(true);
        outcome.setWrapText(true);
        outcome.getStyleClass().add("caption");
        outcome.setMinHeight(Region.USE_PREF_SIZE);
        getChildren()
                .addAll(
                        title,
                        sentence,
                        buildFile(),
                        buildNumbers(),
                        buildRun(),
                        new WorkLine(prompts.state()),
                        outcome);
        prompts.resultProperty().subscribe(this::show);
        epsilon.subscribe(now -> show(prompts.resultProperty().get()));
    }

    private Node buildFile() {
        Label name = new Label();
        name.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
        name.setMinWidth(0);
        name.textProperty()
                .bind(
                        prompts.fileProperty()
                                .map(file -> file.map(Path::toString))
                                .map(file -> file.orElse("The book that is built in")));
        Tooltip whole = new Tooltip();
        whole.textProperty().bind(name.textProperty());
        name.setTooltip(whole);
        Button choose = new Button("Choose a file\u2026", new FontIcon(Feather.FILE_TEXT));
        choose.setTooltip(
                new Tooltip(
                        "JSON lines, each an object with a \"text\" (*.jsonl), or a text file."));
        choose.setOnAction(event ->
                dialogs.openText()
                        .ifPresent(file -> prompts.fileProperty().set(Optional.of(file))));
        Button book = new Button("Built-in book");
        book.setTooltip(new Tooltip("Pieces of the book in which needles are hidden, too."));
        book.disableProperty().bind(prompts.fileProperty().map(Optional::isEmpty));
        book.setOnAction(event -> prompts.fileProperty().set(Optional.empty()));
        for (Button button : new Button[] {choose, book}) {
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        CheckBox pieces = new CheckBox("Cut texts into pieces");
        pieces.setTooltip(
                new Tooltip(
                        "As many prompts as a text has room for; a text file is one running text"
                                + " then. Otherwise the beginning of each text is a prompt, and a"
                                + " text file has a text a line."));
        pieces.selectedProperty().bindBidirectional(prompts.piecesProperty());
        pieces.disableProperty().bind(book.disabledProperty());
        return new VBox(4, name, new FlowPane(4, 4, choose, book), pieces);
    }

    private Node buildNumbers() {
        FactGrid grid = new FactGrid(1);
        grid.control(
                "Tokens of a prompt",
                NumberSpinner.whole(
                        prompts.lengthProperty(),
                        2,
                        LARGEST,
                        16,
                        "Tokens of a prompt",
                        "All prompts have one length, since the rate falls as texts grow; 64 in the"
                                + " paper."));
        grid.control(
                "Prompts, at most",
                NumberSpinner.whole(
                        prompts.mostProperty(),
                        1,
                        LARGEST,
                        50,
                        "Prompts, at most",
                        "How many prompts are run; 100 in the paper."));
        return grid;
    }

    private Node buildRun() {
        Button run = new Button("Run the prompts", new FontIcon(Feather.PLAY));
        run.getStyleClass().add("accent");
        run.disableProperty().bind(prompts.state().workProperty().isNotNull());
        run.setTooltip(new Tooltip("Runs every prompt, and sums up which heads have a sink."));
        run.setOnAction(event -> prompts.run());
        run.setMaxWidth(Double.MAX_VALUE);
        run.setAlignment(Pos.CENTER);
        return run;
    }

    private void show(@Nullable PromptResult result) {
        outcome.setVisible(result != null);
        outcome.setManaged(result != null);
        if (result != null) {
            boolean same = result.rate().epsilon() == epsilon.get();
            outcome.setText(
                    result.summary()
                            + (same ? "." : ". Run again for the \u03b5 that is set now."));
        }
    }
}
