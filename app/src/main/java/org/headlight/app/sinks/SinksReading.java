package org.headlight.app.sinks;

import javafx.scene.Node;
import javafx.scene.control.Label;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.PaneReading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/** Where the sinks are, and what the model does without them. */
public final class SinksReading extends PaneReading<SinksSide> {
    private static final String SENTENCE =
            "Tokens that many queries attend to whatever they say: received mass and sink rate (Gu"
                    + " et al. 2024, arXiv 2410.10781).";

    private final ReadingContext context;
    private final SinksViewModel sinks;
    private final PromptRateViewModel prompts;
    private final CalibrationViewModel calibration;
    private final EvictionViewModel eviction;

    public SinksReading(ReadingContext context) {
        super(
                new Face("Sinks", SENTENCE, Feather.DOWNLOAD, KeyBinding.SINKS),
                List.of(
                        SinksViewModel.LANE,
                        PromptRateViewModel.LANE,
                        CalibrationViewModel.LANE,
                        EvictionViewModel.LANE));
        this.context = context;
        sinks = new SinksViewModel(context.tasks(), context.explore());
        prompts =
                new PromptRateViewModel(
                        context.tasks(),
                        context.assets(),
                        context::model,
                        sinks.epsilonProperty()::get);
        context.opened().addListener((property, old, now) -> prompts.forget());
        prompts.resultProperty().addListener((property, old, now) -> sinks.prompts(now));
        calibration = new CalibrationViewModel(context.tasks(), context.explore(), context::model);
        eviction = new EvictionViewModel(context.tasks(), context.explore(), context::model);
    }

    @Override
    protected Node makeLower() {
        ReadingPane pane = new ReadingPane("Sinks", SENTENCE, sinks.state());
        SinksPane content = new SinksPane(sinks, calibration, context.explore());
        content.matrix().darkProperty().bind(context.dark());
        pane.setContent(content);
        Label summary = new Label();
        summary.getStyleClass().add("caption");
        summary.textProperty().bind(sinks.summaryProperty());
        pane.tools().add(summary);
        SinksExport export = new SinksExport(context, sinks, prompts, calibration, eviction);
        pane.actions()
                .add(
                        new ExportMenu(
                                context.export(),
                                sinks.state(),
                                List.of(
                                        new ExportMenu.Item(
                                                "Picture of the matrix (PNG)",
                                                () -> export.matrix(content.matrix().scale())),
                                        new ExportMenu.Item(
                                                "Picture of the profile (PNG)",
                                                () -> export.profile(content.chart())),
                                        new ExportMenu.Item(
                                                "Received mass of every token (CSV)",
                                                export::table),
                                        new ExportMenu.Item(
                                                "Sink rate over prompts (CSV)", export::prompts),
                                        new ExportMenu.Item("Everything (JSON)", export::json))));
        return pane;
    }

    @Override
    protected SinksSide makeSide() {
        return new SinksSide(
                sinks, prompts, calibration, eviction, context.explore(), context.dialogs());
    }

    @Override
    public void shown() {
        sinks.show();
    }

    @Override
    public void hidden() {
        sinks.hide();
    }
}
