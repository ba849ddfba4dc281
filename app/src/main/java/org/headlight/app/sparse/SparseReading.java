package org.headlight.app.sparse;

import javafx.scene.Node;

import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.analysis.sparse.position.RotaryFinder;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.PaneReading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.MapBuilder;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;

/** Sparse attention: the same text with chosen keys only, held against the dense run. */
public final class SparseReading extends PaneReading<SparseSide> {
    private final ReadingContext context;
    private final SparseParts parts;

    public SparseReading(ReadingContext context) {
        super(
                new Face(
                        "Sparse",
                        "The same text with sparse attention: what it keeps, loses and saves"
                                + " (policies of some forty papers).",
                        Feather.SCISSORS,
                        KeyBinding.SPARSE),
                List.of(SparseViewModel.LANE, SparseMaps.LANE, ResponseViewModel.LANE));
        this.context = context;
        SweepOptions sweep = SweepOptions.standard();
        SparseViewModel sparse =
                new SparseViewModel(
                        context.tasks(),
                        context.explore(),
                        context.opened(),
                        model ->
                                new SparseStudy(
                                        model,
                                        sweep,
                                        () -> RotaryFinder.find(model, Progress.NONE)),
                        PolicyCatalog.standard().all());
        this.parts =
                new SparseParts(
                        sparse,
                        new SparseMaps(
                                context.tasks(),
                                context.explore(),
                                sparse,
                                new MapWork(MapBuilder.standard(), sweep)),
                        new ResponseViewModel(context.tasks(), sparse),
                        new FrontierViewModel(context.tasks(), sparse));
    }

    @Override
    protected Node makeLower() {
        return new SparsePane(parts, context).node();
    }

    @Override
    protected SparseSide makeSide() {
        return new SparseSide(parts.sparse(), parts.maps(), context.explore());
    }

    @Override
    public void shown() {
        parts.maps().setActive(true);
    }

    @Override
    public void hidden() {
        parts.maps().setActive(false);
    }
}
