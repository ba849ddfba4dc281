package org.headlight.app.influence;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.analysis.influence.DocumentScore;
import org.headlight.app.input.MiniLm;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.app.task.TaskStatus;
import org.headlight.assets.Assets;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.Problem;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfluenceViewModelTest {
    private static final HeadAddress COPIES = HeadAddress.self(1, 4);

    private final Assets assets = new Assets();
    private final Model model =
            OnnxModels.open(assets.demoModelFolder(), ModelOptions.defaults(), Progress.NONE);

    @AfterAll
    void close() {
        model.close();
    }

    private InfluenceViewModel view(TaskRunner tasks) {
        InfluenceViewModel view = new InfluenceViewModel(tasks, assets);
        view.open(model);
        return view;
    }

    @Test
    void theExampleCorpusIsReadWithTheMarkedHeads() {
        InfluenceViewModel view = view(new DirectTaskRunner());
        view.byHandProperty().set(true);
        view.masked().add(COPIES);
        view.run();
        assertThat(view.documents()).hasSize(24);
        assertThat(view.used()).containsExactly(COPIES);
        assertThat(view.complete()).isTrue();
        assertThat(view.summaryProperty().get()).isEqualTo("24 documents; masked: L1H4");
        // A fifth of each of three domains, at least one.
        assertThat(
                        view.selectedProperty().get().stream()
                                .map(DocumentScore::domain)
                                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("lookup", "prose", "code");
        double lookup = mean(view, "lookup");
        assertThat(lookup).isGreaterThan(mean(view, "prose"));
        assertThat(lookup).isGreaterThan(mean(view, "code"));
        view.selectProperty().set(1);
        assertThat(view.selectedProperty().get()).hasSize(24);
    }

    private static double mean(InfluenceViewModel view, String domain) {
        return view.documents().stream()
                .filter(document -> document.domain().equals(domain))
                .mapToDouble(DocumentScore::score)
                .average()
                .orElseThrow();
    }

    @Test
    void headsThatWereFoundAreMarkedAndUsedAgain() {
        InfluenceViewModel view = view(new DirectTaskRunner());
        view.samplesProperty().set(2);
        view.keyLengthProperty().set(6);
        view.taskContextProperty().set(512);
        view.run();
        var found = Objects.requireNonNull(view.foundProperty().get());
        assertThat(found.samples()).isEqualTo(2);
        assertThat(view.masked()).containsExactlyElementsOf(found.chosen());
        assertThat(view.documents()).hasSize(24);
        view.run();
        assertThat(view.foundProperty().get()).isSameAs(found);
        view.samplesProperty().set(3);
        view.run();
        assertThat(Objects.requireNonNull(view.foundProperty().get()).samples()).isEqualTo(3);
    }

    @Test
    void noMarkedHeadIsSaidInThePane() {
        InfluenceViewModel view = view(new DirectTaskRunner());
        view.byHandProperty().set(true);
        view.run();
        assertThat(view.state().problemProperty().get())
                .isEqualTo(
                        "No head is marked; Ctrl-click heads in the matrix, or let them be found.");
        assertThat(view.documents()).isEmpty();
    }

    @Test
    void whatIsCancelledKeepsWhatIsDone() {
        InfluenceViewModel view = view(new Impatient(7));
        view.byHandProperty().set(true);
        view.masked().add(COPIES);
        view.run();
        assertThat(view.documents()).hasSize(6);
        assertThat(view.complete()).isFalse();
        assertThat(view.summaryProperty().get())
                .isEqualTo("6 documents before it was stopped; masked: L1H4");
    }

    @Test
    void aBadLineKeepsWhatWasReadBeforeIt(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("c.jsonl"), "{\"text\": \"one two\"}\nnone\n");
        InfluenceViewModel view = view(new DirectTaskRunner());
        view.byHandProperty().set(true);
        view.masked().add(COPIES);
        view.corpusProperty().set(Optional.of(file));
        view.run();
        assertThat(view.documents()).hasSize(1);
        assertThat(view.complete()).isFalse();
    }

    @Test
    void onlyADecoderCanBeRun(@TempDir Path folder) throws IOException {
        InfluenceViewModel view = view(new DirectTaskRunner());
        assertThat(view.readableProperty().get()).isTrue();
        try (Model encoder =
                OnnxModels.open(MiniLm.in(folder), ModelOptions.defaults(), Progress.NONE)) {
            view.open(encoder);
            assertThat(view.readableProperty().get()).isFalse();
            String why = view.state().emptyProperty().get();
            assertThat(why)
                    .isEqualTo(
                            "AttentionInfluence compares losses of next tokens, which only a"
                                    + " decoder has. model.onnx cannot write text: its layer 0 also"
                                    + " looks at later tokens, as encoders do; open a decoder.");
            view.run();
            assertThat(view.state().workProperty().get()).isNull();
            assertThat(view.state().emptyProperty().get()).isEqualTo(why);
        }
        view.open(null);
        assertThat(view.readableProperty().get()).isFalse();
        view.open(model);
        assertThat(view.readableProperty().get()).isTrue();
    }

    @Test
    void withoutAModelThePaneSaysWhatToDo() {
        InfluenceViewModel view = view(new DirectTaskRunner());
        view.open(null);
        assertThat(view.state().emptyProperty().get())
                .isEqualTo(
                        "Open a decoder as a model: documents are read by the model itself, so a"
                                + " capture or a dump is not enough.");
        view.run();
        assertThat(view.documents()).isEmpty();
    }

    /** Cancels after so many things were told to the window. */
    private static final class Impatient implements TaskRunner {
        private final int patience;
        private int told;

        Impatient(int patience) {
            this.patience = patience;
        }

        @Override
        public <T> TaskStatus submit(TaskRequest<T> request) {
            Progress progress =
                    new Progress() {
                        @Override
                        public void at(double fraction, String stage) {
                            // nobody looks
                        }

                        @Override
                        public boolean cancelled() {
                            return told >= patience;
                        }
                    };
            try {
                request.done().accept(request.work().run(progress));
            } catch (Problem e) {
                request.failed().accept(Failure.of(e));
            }
            return new DirectTaskRunner().submit(TaskRequest.of("", "", p -> ""));
        }

        @Override
        public void cancel(String lane) {
            // Nothing ever waits.
        }

        @Override
        public void afterwards(List<String> lanes, Runnable work) {
            work.run();
        }

        @Override
        public void later(Runnable action) {
            told++;
            action.run();
        }

        @Override
        public ObservableList<TaskStatus> tasks() {
            return FXCollections.observableArrayList();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
