package org.headlight.app.cli;

import org.headlight.analysis.sparse.position.RotaryFinder;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import picocli.CommandLine;

/** The model of a sparse run. */
record SparseModel(SourceArgument source) {

    /**
     * Opens it.
     *
     * @throws BadInputException when the source is no model
     */
    Model open(CommandLine command, Progress progress) {
        return source.openModel(
                command,
                progress,
                ", and a sparse run needs a model; give the model's folder or .onnx file.");
    }

    /** Sparse runs of it. */
    SparseStudy study(Model model, Progress progress) {
        SweepOptions sweep = SweepOptions.standard().withThreads(source.threads());
        return new SparseStudy(model, sweep, () -> RotaryFinder.find(model, progress.part(0, 0)));
    }
}
