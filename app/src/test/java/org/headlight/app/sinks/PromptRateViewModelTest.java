package org.headlight.app.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.SinkSurvey;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.sinks.PromptRateViewModel.PromptResult;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.assets.Assets;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromptRateViewModelTest {
    private final Assets assets = new Assets();
    private final TurnQueue turns = new TurnQueue();
    private final LaneTaskRunner tasks = new LaneTaskRunner(turns);
    private final Model model =
            OnnxModels.open(assets.demoModelFolder(), ModelOptions.defaults(), Progress.NONE);
    private PromptRateViewModel prompts = view(Optional.of(model));

    private PromptRateViewModel view(Optional<Model> open) {
        return new PromptRateViewModel(tasks, assets, () -> open, () -> 0.3);
    }

    @BeforeAll
    void open() {
        prompts.lengthProperty().set(16);
    }

    @AfterEach
    void again() {
        prompts = view(Optional.of(model));
        prompts.lengthProperty().set(16);
    }

    @AfterAll
    void close() {
        tasks.close();
        model.close();
    }

    private void ended() throws InterruptedException {
        turns.until(() -> prompts.state().workProperty().get() == null);
    }

    private PromptRate run() throws InterruptedException {
        prompts.run();
        ended();
        assertThat(prompts.state().problemProperty().get()).isEmpty();
        return Objects.requireNonNull(prompts.resultProperty().get()).rate();
    }

    @Test
    void theShareOfEachHeadIsThatOfThePromptsOneByOne() throws InterruptedException {
        prompts.mostProperty().set(5);
        PromptRate rate = run();
        assertThat(rate.used()).isEqualTo(5);
        List<Token> book = model.tokenizer().orElseThrow().encode(assets.haystack().text());
        int lead = book.getFirst().special() ? 1 : 0;
        int room = 16 - lead;
        double all = 0;
        List<List<HeadReceived>> reports = new ArrayList<>();
        for (int p = 0; p < 5; p++) {
            int[] ids = new int[16];
            ids[0] = book.getFirst().id();
            for (int i = 0; i < room; i++) {
                ids[lead + i] = book.get(lead + p * room + i).id();
            }
            List<Token> one = model.tokenizer().orElseThrow().describe(ids);
            try (Capture capture = model.capture(one, Progress.NONE)) {
                reports.add(
                        SinkSurvey.of(capture, SweepOptions.standard(), Progress.NONE).selfHeads());
            }
        }
        for (int h = 0; h < 24; h++) {
            double share = 0;
            for (List<HeadReceived> report : reports) {
                share += report.get(h).received().of(0) > 0.3 ? 0.2 : 0;
            }
            all += share / 24;
            assertThat(rate.rate(reports.getFirst().get(h).name())).isCloseTo(share, within(1e-9));
        }
        assertThat(rate.rate()[0]).isCloseTo(all, within(1e-9));
        assertThat(rate.rate("L9H9")).isNaN();
    }

    @Test
    void theMatrixOfSinksShowsTheShares() throws InterruptedException {
        ExploreViewModel explore =
                new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
        SinksViewModel sinks = new SinksViewModel(tasks, explore);
        sinks.show();
        explore.show(
                model.capture(
                        model.tokenizer().orElseThrow().encode("one two three four"),
                        Progress.NONE));
        turns.until(() -> sinks.state().readyProperty().get());
        sinks.measureProperty().set(SinkMeasure.PROMPTS);
        assertThat(sinks.matrixProperty().get().value(0, 0)).isNaN();
        assertThat(sinks.summaryProperty().get())
                .isEqualTo("Not measured yet: run prompts at the side, under Over many prompts.");
        sinks.measureProperty().set(SinkMeasure.FIRST);
        prompts.mostProperty().set(3);
        PromptRate rate = run();
        PromptResult result = Objects.requireNonNull(prompts.resultProperty().get());
        sinks.prompts(result);
        assertThat(sinks.measureProperty().get()).isEqualTo(SinkMeasure.PROMPTS);
        for (PromptRate.HeadRate head : rate.heads()) {
            assertThat(sinks.matrixProperty().get().value(head.layer(), head.head()))
                    .isCloseTo(head.rate(), within(1e-6));
        }
        assertThat(sinks.summaryProperty().get())
                .isEqualTo(
                        String.format(
                                Locale.ROOT,
                                "Sink rate at token 0: %.1f %% over 3 prompts of 16 tokens (\u03b5"
                                        + " 0.3)",
                                100 * rate.rate()[0]));
        sinks.prompts(null);
        assertThat(sinks.measureProperty().get()).isEqualTo(SinkMeasure.FIRST);
    }

    @Test
    void shortTextsOfAFileAreCounted(@TempDir Path folder) throws Exception {
        String line = "{\"text\": \"" + "the gray castle is near ".repeat(9) + "\"}\n";
        Path file =
                Files.writeString(
                        folder.resolve("p.jsonl"), line + "{\"text\": \"short\"}\n" + line);
        prompts.fileProperty().set(Optional.of(file));
        prompts.piecesProperty().set(false);
        PromptRate rate = run();
        assertThat(rate.used()).isEqualTo(2);
        assertThat(rate.tooShort()).isEqualTo(1);
        assertThat(Objects.requireNonNull(prompts.resultProperty().get()).options())
                .containsExactly("--prompts", file.toString(), "--length", "16", "--most", "100");
    }

    @Test
    void badFilesAreSaidInThePane(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("p.jsonl"), "{\"text\": 1\n");
        assertThat(problem(file))
                .isEqualTo(
                        file
                                + ", line 1 is no JSON object with a \"text\"; expected one such as"
                                + " {\"text\": \"It was\"}.");
        Path brief = Files.writeString(folder.resolve("p.txt"), "one\n");
        assertThat(problem(brief))
                .isEqualTo(
                        "None of the 1 prompts has 16 tokens, the length at which their sinks are"
                                + " compared; give longer prompts, or a shorter length.");
        assertThat(problem(folder.resolve("none.txt")))
                .isEqualTo(
                        folder.resolve("none.txt")
                                + " cannot be read (NoSuchFileException); expected a text file.");
    }

    private String problem(Path file) throws InterruptedException {
        prompts.fileProperty().set(Optional.of(file));
        prompts.run();
        ended();
        assertThat(prompts.resultProperty().get()).isNull();
        return prompts.state().problemProperty().get();
    }

    @Test
    void whatIsCancelledKeepsThePromptsThatWereRun() throws InterruptedException {
        prompts.mostProperty().set(100_000);
        prompts.lengthProperty().set(64);
        prompts.run();
        turns.until(() ->
                Objects.requireNonNull(prompts.state().workProperty().get())
                                .fractionProperty()
                                .get()
                        > 0);
        Objects.requireNonNull(prompts.state().workProperty().get()).cancel();
        ended();
        PromptResult result = Objects.requireNonNull(prompts.resultProperty().get());
        assertThat(result.complete()).isFalse();
        assertThat(result.rate().used()).isPositive();
        assertThat(result.summary()).endsWith(", before it was stopped");
    }

    @Test
    void aCaptureIsNotEnough() {
        PromptRateViewModel none = view(Optional.empty());
        none.run();
        assertThat(none.state().problemProperty().get())
                .isEqualTo(
                        "Prompts are run by the model, and what is open is no model but a capture"
                                + " or dump; open the model itself.");
    }
}
