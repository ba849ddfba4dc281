package org.headlight.app.influence;

import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.PaneReading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.List;
import java.util.Optional;

/** Which documents need the heads that retrieve. */
public final class InfluenceReading extends PaneReading<InfluenceSide> {
    private static final String SENTENCE =
            "Which documents need the heads that retrieve: how much their loss grows when those"
                    + " heads are masked (AttentionInfluence, Hua et al. 2025, arXiv 2505.07293).";

    private final ReadingContext context;
    private final InfluenceViewModel view;

    /** A reading with the model that {@code context} has open. */
    public InfluenceReading(ReadingContext context) {
        super(
                new Face("Influence", SENTENCE, Feather.FILTER, KeyBinding.INFLUENCE),
                List.of(InfluenceViewModel.LANE));
        this.context = context;
        this.view = new InfluenceViewModel(context.tasks(), context.assets());
        context.opened().subscribe(opened -> view.open(context.model().orElse(null)));
    }

    @Override
    protected Node makeLower() {
        ReadingPane pane = new ReadingPane("Influence", SENTENCE, view.state());
        InfluencePane content = new InfluencePane(view);
        pane.setContent(content);
        pane.tools().addAll(run(), corpus(), open(), example());
        pane.setEmptyActions(run());
        InfluenceExport export = new InfluenceExport(context, view);
        pane.actions()
                .add(
                        new ExportMenu(
                                context.export(),
                                view.state(),
                                List.of(
                                        new ExportMenu.Item(
                                                "Picture of the distribution (PNG)",
                                                () -> export.chart(content.chart())),
                                        new ExportMenu.Item(
                                                "Picture of the heads (PNG)",
                                                () -> export.heads(sidePane().matrix())),
                                        new ExportMenu.Item("Every document (CSV)", export::table),
                                        new ExportMenu.Item("Everything (JSON)", export::json))));
        return pane;
    }

    private Button run() {
        Button run = new Button("Run", new FontIcon(Feather.PLAY));
        run.getStyleClass().addAll("small", "accent");
        run.setTooltip(
                new Tooltip(
                        "Finds the heads, where they are not known yet, and reads the corpus with"
                                + " and without them."));
        run.disableProperty()
                .bind(view.readableProperty().not().or(view.state().workProperty().isNotNull()));
        run.setOnAction(event -> view.run());
        return run;
    }

    private Label corpus() {
        Label label = new Label();
        label.getStyleClass().add("caption");
        label.setMinWidth(0);
        label.textProperty()
                .bind(
                        Bindings.createStringBinding(
                                () ->
                                        "Corpus: "
                                                + view.corpusProperty()
                                                        .get()
                                                        .map(file ->
                                                                String.valueOf(file.getFileName()))
                                                        .orElse(
                                                                "24 short documents in three"
                                                                        + " domains"),
                                view.corpusProperty()));
        return label;
    }

    private Button open() {
        Button open = new Button("Open a corpus \u2026", new FontIcon(Feather.FOLDER));
        open.getStyleClass().addAll("flat", "small");
        open.setTooltip(
                new Tooltip(
                        "JSONL with an object a line that has \"text\" (and perhaps \"id\" and"
                                + " \"domain\"), or a text with a document a paragraph."));
        open.setOnAction(event ->
                context.dialogs()
                        .openText()
                        .ifPresent(file -> view.corpusProperty().set(Optional.of(file))));
        return open;
    }

    private Button example() {
        Button example = new Button("Example corpus");
        example.getStyleClass().addAll("flat", "small");
        example.setTooltip(new Tooltip("Back to the documents that come with Headlight."));
        example.visibleProperty()
                .bind(view.corpusProperty().map(Optional::isPresent).orElse(false));
        example.managedProperty().bind(example.visibleProperty());
        example.setOnAction(event -> view.corpusProperty().set(Optional.empty()));
        return example;
    }

    @Override
    protected InfluenceSide makeSide() {
        return new InfluenceSide(view, context.explore(), context.dark());
    }

    @Override
    public void shown() {
        view.open(context.model().orElse(null));
    }
}
