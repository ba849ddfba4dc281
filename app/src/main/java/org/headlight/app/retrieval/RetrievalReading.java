package org.headlight.app.retrieval;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ExportMenu;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingPane;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.Optional;

/** Which heads copy an answer out of a long text. */
public final class RetrievalReading implements Reading {
    private static final String SENTENCE =
            "Heads that look at the very token they are about to copy out of a long text (Wu et al."
                    + " 2024, arXiv 2404.15574), and what is forgotten without them.";

    private final ReadingContext context;
    private final RetrievalViewModel retrieval;
    private final HeadLink heads;

    public RetrievalReading(ReadingContext context) {
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
    public String name() {
        return "Retrieval";
    }

    @Override
    public String tip() {
        return SENTENCE;
    }

    @Override
    public Ikon icon() {
        return Feather.SEARCH;
    }

    @Override
    public KeyBinding key() {
        return KeyBinding.RETRIEVAL;
    }

    @Override
    public Optional<Node> lower() {
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
        return Optional.of(pane);
    }

    @Override
    public Optional<Node> side() {
        return Optional.of(new RetrievalSide(retrieval, context.explore(), heads));
    }

    @Override
    public List<String> lanes() {
        return List.of(RetrievalViewModel.LANE, RetrievalViewModel.REPLAY_LANE);
    }
}
