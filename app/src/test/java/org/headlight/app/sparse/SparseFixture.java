package org.headlight.app.sparse;

import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.open.Opened;
import org.headlight.app.task.TaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.model.Model;
import org.headlight.engine.source.Source;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.MapBuilder;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The reading's models over the embedded example. */
final class SparseFixture implements AutoCloseable {
    static final SweepOptions SWEEP = SweepOptions.standard().withThreads(2);
    static final String TEXT =
            "The secret number of the gray castle is seventy two. The baker of the old town"
                    + " sells bread in the morning and reads in the evening. The river runs by the"
                    + " mill, and nobody knows how old it is. The secret number of the gray castle"
                    + " is";

    final BandPolicy both = new BandPolicy("band", Phase.BOTH);
    final BandPolicy later = new BandPolicy("late", Phase.DECODE);
    final BandPolicy wrong = new BandPolicy("wrong", Phase.PREFILL).refusing();
    final ReadOnlyObjectWrapper<@Nullable Opened> opened = new ReadOnlyObjectWrapper<>();
    final ExploreViewModel explore;
    final SparseParts parts;

    SparseFixture(TaskRunner tasks) {
        explore = new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
        SparseViewModel sparse =
                new SparseViewModel(
                        tasks,
                        explore,
                        opened.getReadOnlyProperty(),
                        SparseFixture::study,
                        List.of(both, later, wrong));
        parts =
                new SparseParts(
                        sparse,
                        new SparseMaps(
                                tasks, explore, sparse, new MapWork(MapBuilder.standard(), SWEEP)),
                        new ResponseViewModel(tasks, sparse),
                        new FrontierViewModel(tasks, sparse));
    }

    static SparseStudy study(Model model) {
        return new SparseStudy(model, SWEEP, Optional::empty);
    }

    Model openTheExample() {
        return open(new Assets().demoModelFolder());
    }

    Model open(Path folder) {
        opened.set(
                new Opened(folder, Sources.open(folder, SourceOptions.defaults(), Progress.NONE)));
        return model();
    }

    Model model() {
        Opened now = opened.get();
        if (now != null && now.source() instanceof Source.ModelSource source) {
            return source.model();
        }
        throw new IllegalStateException("no model is open");
    }

    List<Token> show(String text) {
        List<Token> tokens = model().tokenizer().orElseThrow().encode(text);
        explore.show(model().capture(tokens, Progress.NONE));
        return tokens;
    }

    @Override
    public void close() {
        explore.closeCapture();
        Opened now = opened.get();
        if (now != null) {
            now.source().close();
        }
    }
}
