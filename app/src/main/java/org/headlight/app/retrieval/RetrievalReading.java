package org.headlight.app.retrieval;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.PaneReading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/** Which heads copy an answer out of a long text. */
public final class RetrievalReading extends PaneReading<RetrievalSide> {
    private static final String SENTENCE =
            "Heads that look at the very token they are about to copy out of a long text (Wu et al."
                    + " 2024, arXiv 2404.15574), and what is forgotten without them.";

    private final ReadingContext context;
    private final RetrievalViewModel retrieval;
    private final HeadLink heads;

    public RetrievalReading(ReadingContext context) {
        super(
                new Face("Retrieval", SENTENCE, Feather.SEARCH, KeyBinding.RETRIEVAL),
                List.of(RetrievalViewModel.LANE, RetrievalViewModel.REPLAY_LANE));
        this.context = context;
        RetrievalDefaults defaults = new RetrievalDefaults(context.assets());
        this.retrieval =
                new RetrievalViewModel(
                        context.tasks(),
                        context.opened(),
                        defaults,
                        () -> new TrialFolder(defaults.folder()),
                        context.shows());
        this.heads = new HeadLink(context.explore());
    }

    @Override
    protected Node makeLower() {
        ExploreViewModel explore = context.explore();
        RetrievalTools tools = new RetrievalTools(retrieval, context.dialogs());
        RetrievalPane content = new RetrievalPane(retrieval, heads);
        ReadingPane pane = new ReadingPane("Retrieval heads", SENTENCE, retrieval.state());
        pane.tools().addAll(tools.all());
        pane.actions()
                .add(
                        new ExportMenu(
                                context.export(),
                                retrieval.state(),
                                new RetrievalExport(context, retrieval).items()));
        pane.setContent(content);
        pane.setEmptyActions(tools.start());
        explore.viewProperty()
                .subscribe(view -> content.look(view.colorMap(), context.dark().get()));
        context.dark()
                .subscribe(dark -> content.look(explore.viewProperty().get().colorMap(), dark));
        return pane;
    }

    @Override
    protected RetrievalSide makeSide() {
        return new RetrievalSide(retrieval, context.explore(), heads);
    }
}
