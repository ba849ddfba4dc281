package org.headlight.app.export;

import org.headlight.assets.Assets;
import org.headlight.engine.task.Progress;
import org.headlight.viz.export.CellsWriter;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.FigureRenderer;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.PngWriter;

import java.nio.file.Path;

/** Writes with the renderer that the command line uses too. */
public final class FigureExporter implements Exporter {
    private final FigureRenderer renderer;

    public FigureExporter(Assets assets) {
        this.renderer = new FigureRenderer(assets);
    }

    @Override
    public void write(ExportKind kind, FigureSpec spec, Path target, Progress progress) {
        switch (kind) {
            case PNG -> {
                Figure figure = renderer.render(spec);
                progress.check();
                new PngWriter().write(figure, target);
            }
            case NPY -> new CellsWriter().npy(spec.map(), spec.range(), target, progress);
            case CSV ->
                    new CellsWriter()
                            .csv(
                                    spec.map(),
                                    spec.range(),
                                    spec.queryTokens(),
                                    spec.keyTokens(),
                                    target,
                                    progress);
        }
    }
}
