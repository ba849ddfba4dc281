package org.headlight.app.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.analysis.retrieval.HeadScore;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.analysis.retrieval.Trial;
import org.headlight.analysis.retrieval.TrialStore;
import org.headlight.app.command.RunInput;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.open.Opened;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.source.Source;
import org.headlight.engine.source.SourceOptions;
import org.headlight.engine.source.Sources;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The pane's model on the embedded example. */
class RetrievalViewModelTest {
    private final Assets assets = new Assets();
    private final ReadOnlyObjectWrapper<@Nullable Opened> opened = new ReadOnlyObjectWrapper<>();
    private final TrialStore store = TrialStore.inMemory();
    private final List<Capture> captured = new ArrayList<>();
    private final RetrievalViewModel retrieval =
            new RetrievalViewModel(
                    new DirectTaskRunner(),
                    opened.getReadOnlyProperty(),
                    new RetrievalDefaults(assets),
                    () -> store,
                    this::show);

    private void show(Capture capture, RunInput input) {
        assertThat(input.kind()).isEqualTo(RunInput.Kind.TOKENS);
        captured.add(capture);
    }

    private void openTheExample() {
        Path folder = assets.demoModelFolder();
        opened.set(
                new Opened(folder, Sources.open(folder, SourceOptions.defaults(), Progress.NONE)));
        retrieval.setup().lengthsProperty().set("150");
        retrieval.setup().depthsProperty().set("20, 80");
    }

    @AfterEach
    void close() {
        captured.forEach(Capture::close);
        Opened now = opened.get();
        if (now != null) {
            now.source().close();
        }
    }

    @Test
    void withoutAModelItSaysWhatToDo() {
        assertThat(retrieval.state().emptyProperty().get())
                .isEqualTo(
                        "Open a model: retrieval heads are found by asking it for facts hidden in a"
                                + " long text.");
        opened.set(
                new Opened(
                        Path.of("a.npy"),
                        new Source.CaptureSource(
                                new FormulaCapture(1, 1, FormulaCapture.words("a b")))));
        assertThat(retrieval.state().emptyProperty().get())
                .isEqualTo(
                        "A capture or a dump cannot answer questions: open a model to find its"
                                + " retrieval heads.");
        assertThat(retrieval.startableProperty().get()).isFalse();
        retrieval.start();
        assertThat(retrieval.resultProperty().get()).isNull();
    }

    @Test
    void trialsGiveScoresAGridAndEvidenceAndMaskingGivesTwoMoreGrids() {
        openTheExample();
        assertThat(retrieval.startableProperty().get()).isTrue();
        retrieval.start();
        RetrievalResult result = retrieval.resultProperty().get();
        assertThat(result).isNotNull();
        assertThat(result.trials()).hasSize(6);
        assertThat(retrieval.state().readyProperty().get()).isTrue();
        assertThat(retrieval.state().problemProperty().get()).isEmpty();
        assertThat(retrieval.ranking().getFirst().head().layer()).isEqualTo(2);
        assertThat(retrieval.ranking())
                .isSortedAccordingTo((a, b) -> Double.compare(b.set(), a.set()));
        evidenceIsOfTheTrial();

        assertThat(retrieval.maskableProperty().get()).isTrue();
        retrieval.setup().maskedProperty().set(2);
        retrieval.mask();
        RetrievalResult masked = retrieval.resultProperty().get();
        assertThat(masked).isNotNull();
        assertThat(masked.masked())
                .extracting(m -> m.mask().name())
                .containsExactly("top:2", "random:2");
        assertThat(masked.masked().getFirst().mask().heads())
                .isEqualTo(retrieval.ranking().stream().limit(2).map(HeadScore::head).toList());
        assertThat(masked.masked()).allSatisfy(m -> assertThat(m.trials()).hasSize(6));
        assertThat(masked.trials()).isEqualTo(result.trials());
    }

    private void evidenceIsOfTheTrial() {
        retrieval.choose(150, 80);
        assertThat(retrieval.trials()).hasSize(3);
        Trial trial = retrieval.trialProperty().get();
        assertThat(trial).isNotNull();
        List<Evidence> evidence = retrieval.evidence();
        assertThat(evidence)
                .isNotEmpty()
                .allSatisfy(e -> {
                    assertThat(e.row()).isEqualTo(trial.promptTokens() - 1 + e.copy().step());
                    assertThat(e.copy().position())
                            .isBetween(trial.needleStart(), trial.needleEnd() - 1);
                    assertThat(trial.text()).contains(e.token().strip());
                });
        retrieval.showOnMap();
        assertThat(captured).hasSize(1);
        Capture map = captured.getFirst();
        assertThat(retrieval.onMap(map)).isTrue();
        assertThat(map.responseFrom()).isEqualTo(trial.promptTokens());
        assertThat(map.tokens()).hasSize(trial.promptTokens() + trial.response().size());
        for (Evidence e : evidence) {
            assertThat(map.tokens().get(e.row() + 1).id())
                    .isEqualTo(map.tokens().get(e.copy().position()).id());
        }
        retrieval.choose(150, 20);
        assertThat(retrieval.onMap(map)).isFalse();
    }

    @Test
    void theCountRanksByTheCount() {
        openTheExample();
        retrieval.start();
        retrieval.setup().kindProperty().set(ScoreKind.COUNT);
        assertThat(retrieval.ranking())
                .isSortedAccordingTo((a, b) -> Double.compare(b.count(), a.count()));
    }

    @Test
    void whatIsWrongIsSaidInThePane() {
        openTheExample();
        retrieval.setup().lengthsProperty().set("12");
        retrieval.start();
        assertThat(retrieval.state().problemProperty().get())
                .contains("more than the length of 12; choose lengths of at least ");
        retrieval.setup().lengthsProperty().set("many");
        retrieval.start();
        assertThat(retrieval.state().problemProperty().get())
                .isEqualTo(
                        "\"many\" is no list of lengths; expected numbers such as 128, 512, or"
                                + " from:to:count.");
        assertThat(retrieval.resultProperty().get()).isNull();
    }

    @Test
    void whereNoTrialSucceedsItSaysSoAndNothingCanBeMasked() {
        openTheExample();
        retrieval.setup().needlesProperty().set("english");
        retrieval.setup().maxTokensProperty().set(1);
        retrieval.start();
        assertThat(retrieval.state().problemProperty().get())
                .isEqualTo(
                        "None of the 6 trials succeeded, so no head has a score; take shorter"
                                + " lengths, other needles, or a model that answers them.");
        assertThat(retrieval.ranking()).isEmpty();
        assertThat(retrieval.maskableProperty().get()).isFalse();
        retrieval.mask();
        assertThat(retrieval.resultProperty().get()).isNotNull();
    }
}
