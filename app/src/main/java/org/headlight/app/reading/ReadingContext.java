package org.headlight.app.reading;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;

import org.headlight.app.command.RunInput;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.InspectorViewModel;
import org.headlight.app.open.FileDialogs;
import org.headlight.app.open.Opened;
import org.headlight.app.task.TaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.source.Source;
import org.headlight.viz.export.FigureSpec;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What a reading works with.
 *
 * @param tasks runs long work, with progress and cancel; name your lanes in {@link Reading#lanes}
 * @param explore the capture on show, the shared selection of head, query and key, the map, and
 *     what is laid over it
 * @param inspector the cell under the cursor with its row and column
 * @param opened what is open: a model, or a capture or dump; null before the first. It changes
 *     before the capture on show does
 * @param input what the capture on show was made from, as the command line takes it
 * @param dark whether the window is dark
 * @param figure the figure of the map on show, with where it comes from; empty without a map
 * @param export writes results to files
 * @param dialogs asks for files to read
 * @param assets fonts, colours, texts
 * @param shows puts a capture that a reading made on show, and owns it from then on; with what it
 *     was made from
 */
public record ReadingContext(
        TaskRunner tasks,
        ExploreViewModel explore,
        InspectorViewModel inspector,
        ReadOnlyObjectProperty<@Nullable Opened> opened,
        ReadOnlyObjectProperty<RunInput> input,
        ReadOnlyBooleanProperty dark,
        Supplier<Optional<FigureSpec>> figure,
        ResultExport export,
        FileDialogs dialogs,
        Assets assets,
        BiConsumer<Capture, RunInput> shows) {

    /** The open model, to run again; empty when a capture or a dump is open. */
    public Optional<Model> model() {
        Opened now = opened.get();
        return now != null && now.source() instanceof Source.ModelSource source
                ? Optional.of(source.model())
                : Optional.empty();
    }
}
