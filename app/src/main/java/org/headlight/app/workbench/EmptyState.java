package org.headlight.app.workbench;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.binding.StringBinding;

import org.headlight.app.input.InputViewModel;
import org.headlight.app.open.OpenViewModel;

/** What the middle of the window says before there is a map. */
final class EmptyState {
    private final StringBinding sentence;
    private final BooleanBinding busy;

    EmptyState(WorkbenchModel model) {
        OpenViewModel open = model.open();
        InputViewModel input = model.input();
        busy = open.loadingProperty().isNotEmpty().or(input.runningProperty());
        sentence =
                Bindings.createStringBinding(
                        () -> words(open, input),
                        open.loadingProperty(),
                        input.runningProperty(),
                        input.runnableProperty(),
                        input.obstacleProperty(),
                        input.idsProperty());
    }

    private static String words(OpenViewModel open, InputViewModel input) {
        if (!open.loadingProperty().get().isEmpty()) {
            return "Opening " + open.loadingProperty().get() + " \u2026";
        }
        if (input.runningProperty().get()) {
            return "Running the text \u2026";
        }
        if (!input.obstacleProperty().get().isEmpty()) {
            return input.obstacleProperty().get();
        }
        if (input.idsProperty().get() && input.runnableProperty().get()) {
            return "This model has no tokenizer: type token ids above, such as 1, 17, 4, and run"
                    + " them.";
        }
        return input.runnableProperty().get()
                ? "Type a text above, or choose a sample, and run it."
                : "Drop a model folder, an .onnx file or a capture here.";
    }

    StringBinding sentence() {
        return sentence;
    }

    BooleanBinding busy() {
        return busy;
    }
}
