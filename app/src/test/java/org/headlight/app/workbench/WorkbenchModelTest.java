package org.headlight.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.input.InputViewModel;
import org.headlight.app.input.WordModel;
import org.headlight.app.open.FixedDialogs;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TaskRunner;
import org.headlight.app.task.TurnQueue;
import org.headlight.assets.Assets;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.device.Device;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.source.Source;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.MapRange;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What the window does, without the window. */
class WorkbenchModelTest {
    private static final Path MODEL = Path.of("/models/one");
    private static final Path OTHER = Path.of("/models/two");
    private static final Path DUMP = Path.of("/dumps/d.npy");

    @TempDir Path folder;

    private final Assets assets = new Assets();
    private final Map<Path, Source> sources = new HashMap<>();
    private final BlockingQueue<Path> opening = new LinkedBlockingQueue<>();
    private final WordModel one = WordModel.named("one");
    private final WordModel two = WordModel.named("two");
    private final FormulaCapture dump = new FormulaCapture(2, 3, FormulaCapture.tokens(6));

    @BeforeEach
    void put() {
        put(MODEL, one);
        put(OTHER, two);
        sources.put(DUMP, new Source.CaptureSource(dump));
    }

    private void put(Path path, WordModel model) {
        sources.put(path, new Source.ModelSource(model));
    }

    private Source source(Path path, Progress progress) {
        opening.add(path);
        Source source = sources.get(path);
        if (source == null) {
            throw new BadInputException(path + " is no model.");
        }
        return source;
    }

    private WorkbenchModel window(TaskRunner tasks) {
        return new WorkbenchModel(
                new WorkbenchModel.Services(
                        tasks,
                        new SettingsModel(new SettingsStore(folder.resolve("settings.json"))),
                        this::source,
                        FixedDialogs.cancelling(),
                        new SweepMaps(MapBuilder.standard()),
                        (kind, spec, target, progress) -> {},
                        assets));
    }

    private WorkbenchModel window() {
        return window(new DirectTaskRunner());
    }

    private static LaunchRequest launch(Path source, String text) {
        return new LaunchRequest(
                Optional.of(source),
                text.isEmpty() ? Optional.empty() : Optional.of(text),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<String> shown(WorkbenchModel window) {
        Capture capture = window.explore().captureProperty().get();
        return capture == null ? List.of() : capture.tokens().stream().map(Token::text).toList();
    }

    private static void assertCommand(WorkbenchModel window, String words) {
        assertThat(window.command()).contains("headlight map " + words);
    }

    private static final String LOOK = " --pool max --scale log --out ";

    @Test
    void theExampleOpensAtOnceWithTheFirstSampleAndIsNotRemembered() {
        Path example = assets.demoModelFolder();
        put(example, one);
        WorkbenchModel window = window();
        window.start(LaunchRequest.empty());
        assertThat(window.open().exampleOpenProperty().get()).isTrue();
        String sample = assets.texts().getFirst().text();
        assertThat(window.input().textProperty().get()).isEqualTo(sample);
        assertThat(window.input().largestThatFitsProperty().get()).isEqualTo(WordModel.FITS);
        window.input().runWhatFits();
        assertThat(shown(window))
                .isEqualTo(List.of(sample.split("\\s+")).subList(0, WordModel.FITS));
        assertThat(window.open().recent()).isEmpty();
    }

    @Test
    void whatTheLaunchAsksForIsRunAndCopiedAsACommandThatFollowsTheView() throws IOException {
        WorkbenchModel window = window();
        assertThat(window.command()).isEmpty();
        window.start(launch(MODEL, "it's -here"));
        assertThat(shown(window)).containsExactly("it's", "-here");
        assertCommand(
                window, "/models/one --text 'it'\\''s -here' --head L0H0" + LOOK + "L0H0.png");
        window.explore().selectHead(new HeadRef(0, 1));
        window.explore().togglePooling();
        window.explore().nextScale();
        window.explore().toggleSink();
        assertCommand(
                window,
                "/models/one --text 'it'\\''s -here' --head L0H1 --pool mean --scale percentile"
                        + " --drop-sink --out L0H1.png");

        Path file = Files.writeString(folder.resolve("a.txt"), "from a file");
        WorkbenchModel other = window();
        other.start(
                new LaunchRequest(
                        Optional.of(OTHER),
                        Optional.empty(),
                        Optional.of(file),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(shown(other)).containsExactly("from", "a", "file");
        assertCommand(
                other, "/models/two --text-file " + file + " --head L0H0" + LOOK + "L0H0.png");
    }

    @Test
    void anotherDeviceOpensTheModelAgainWithTextHeadAndViewAsTheyWere() {
        WorkbenchModel window = window();
        window.start(launch(MODEL, "it is here"));
        window.explore().selectHead(new HeadRef(0, 1));
        window.explore().togglePooling();
        put(MODEL, two);
        window.devices().choose(new Device.Cuda(0));
        assertThat(one.closed()).isTrue();
        assertThat(two.closed()).isFalse();
        assertThat(shown(window)).containsExactly("it", "is", "here");
        assertCommand(
                window,
                "/models/one --text 'it is here' --head L0H1 --pool mean --scale log --out"
                        + " L0H1.png");
    }

    @Test
    void anotherDeviceLeavesADumpAlone() {
        WorkbenchModel window = window();
        window.start(launch(DUMP, ""));
        sources.remove(DUMP);
        window.devices().choose(new Device.Cuda(0));
        assertThat(window.open().problemProperty().get()).isEmpty();
        assertThat(window.explore().captureProperty().get()).isSameAs(dump);
    }

    @Test
    void aModelWithoutTokenizerWaitsForIds() throws IOException {
        put(MODEL, WordModel.withoutTokenizer("one"));
        WorkbenchModel window = window();
        EmptyState empty = new EmptyState(window);
        window.start(launch(MODEL, ""));
        assertThat(shown(window)).isEmpty();
        assertThat(window.input().problemProperty().get()).isEmpty();
        assertThat(window.input().textProperty().get()).isEmpty();
        assertThat(empty.sentence().get())
                .isEqualTo(
                        "This model has no tokenizer: type token ids above, such as 1, 17, 4, and"
                                + " run them.");
        window.drop(Files.writeString(folder.resolve("ids.txt"), "[3, 1; 2]\n"));
        assertThat(shown(window)).containsExactly("#3", "#1", "#2");
        assertCommand(window, "/models/one --tokens 3,1,2 --head L0H0" + LOOK + "L0H0.png");
        window.drop(Files.writeString(folder.resolve("prose.txt"), "no ids"));
        assertThat(window.input().problemProperty().get())
                .isEqualTo(
                        "\"no\" at position 0 is not a token id; this model has no tokenizer, so"
                                + " type whole numbers, separated by commas or blanks.");
        assertThat(shown(window)).containsExactly("#3", "#1", "#2");
    }

    @Test
    void aCaptureIsShownWithoutInputAndATextDroppedOnItIsNotRun() throws IOException {
        WorkbenchModel window = window();
        window.start(launch(MODEL, "some text"));
        window.drop(DUMP);
        assertThat(shown(window)).hasSize(6);
        assertThat(window.input().runnableProperty().get()).isFalse();
        assertThat(one.closed()).isTrue();
        assertThat(one.captures().getFirst().closed()).isTrue();
        assertCommand(window, "/dumps/d.npy --head L0H0" + LOOK + "L0H0.png");
        window.drop(Files.writeString(folder.resolve("t.txt"), "a text"));
        assertThat(window.input().problemProperty().get())
                .isEqualTo("What is open has run already: open a model to run a text.");
        assertThat(shown(window)).hasSize(6);
        window.drop(OTHER);
        assertThat(shown(window)).containsExactly("a", "text");
        assertThat(dump.closed()).isTrue();
    }

    @Test
    void aTextDroppedWhileTheModelIsLoadingIsWhatIsRun() throws Exception {
        TurnQueue turns = new TurnQueue();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            WorkbenchModel window = window(tasks);
            EmptyState empty = new EmptyState(window);
            window.start(launch(MODEL, ""));
            assertThat(empty.sentence().get()).isEqualTo("Opening one \u2026");
            assertThat(empty.busy().get()).isTrue();
            window.drop(Files.writeString(folder.resolve("t.md"), "dropped early"));
            turns.until(() -> !window.input().textProperty().get().isEmpty());
            turns.until(() -> !shown(window).isEmpty());
            turns.until(() -> !window.input().runningProperty().get());
            assertThat(shown(window)).containsExactly("dropped", "early");
            assertThat(empty.busy().get()).isFalse();
        }
    }

    @Test
    void anotherModelCancelsTheRunAndTheFormerOneIsClosedWhenItHasLetGo() throws Exception {
        TurnQueue turns = new TurnQueue();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            WorkbenchModel window = window(tasks);
            one.heedless();
            window.start(launch(MODEL, "a b c"));
            turns.until(() -> window.input().runningProperty().get());
            one.awaitStart();
            window.drop(OTHER);
            turns.until(() -> "two".equals(name(window)));
            assertThat(one.closed()).isFalse();
            one.letGo();
            turns.until(() -> !shown(window).isEmpty());
            one.awaitClosed();
            assertThat(one.closedWhileRunning()).isFalse();
            assertThat(one.captures().getFirst().closed()).isTrue();
            assertThat(two.captures()).hasSize(1);
            assertThat(two.closed()).isFalse();
            assertThat(window.input().problemProperty().get()).isEmpty();
        }
    }

    private static String name(WorkbenchModel window) {
        var opened = window.open().openedProperty().get();
        return opened == null ? "" : opened.name();
    }

    @Test
    void aMapThatStaysOnShowAfterAFailureIsStillTheOneThatItsCommandMakes() {
        WorkbenchModel window = window();
        window.start(launch(MODEL, "a b"));
        String command = window.command().orElseThrow();
        window.drop(Path.of("/models/none"));
        assertThat(window.open().problemProperty().get()).isEqualTo("/models/none is no model.");
        assertThat(window.command()).contains(command);
        window.input().setText("Sample", "a b c d e");
        window.input().run();
        assertThat(window.input().largestThatFitsProperty().get()).isEqualTo(4);
        assertThat(window.command()).contains(command);
        assertThat(window.figure().orElseThrow().source().command()).isEqualTo(command);
        window.drop(OTHER);
        assertThat(name(window)).isEqualTo("two");
        assertThat(window.input().largestThatFitsProperty().get()).isEqualTo(4);
        assertNothingShown(window);
        assertThat(one.captures().getFirst().closed()).isTrue();
        window.input().runWhatFits();
        assertCommand(window, "/models/two --tokens 1,1,1,1 --head L0H0" + LOOK + "L0H0.png");
    }

    private static void assertNothingShown(WorkbenchModel window) {
        assertThat(shown(window)).isEmpty();
        assertThat(window.explore().mapProperty().get()).isNull();
        assertThat(window.explore().title()).isEmpty();
        assertThat(window.explore().computingProperty().get()).isFalse();
        assertThat(window.command()).isEmpty();
        assertThat(window.figure()).isEmpty();
        assertThat(window.status().factsProperty().get()).isEmpty();
    }

    @Test
    void theMapOfTheFormerModelGoesWhenTheNewOneWaitsForIds() throws IOException {
        put(OTHER, WordModel.withoutTokenizer("two"));
        WorkbenchModel window = window();
        window.start(launch(MODEL, "a b"));
        window.drop(OTHER);
        assertNothingShown(window);
        assertThat(one.captures().getFirst().closed()).isTrue();
        window.drop(Files.writeString(folder.resolve("ids.txt"), "3, 1"));
        assertThat(shown(window)).containsExactly("#3", "#1");
        put(MODEL, WordModel.named("one"));
        window.drop(MODEL);
        assertThat(shown(window)).containsExactly("a", "b");
    }

    @Test
    void theMapOfTheFormerModelStaysUntilTheNewOneHasRun() throws Exception {
        TurnQueue turns = new TurnQueue();
        try (LaneTaskRunner tasks = new LaneTaskRunner(turns)) {
            WorkbenchModel window = window(tasks);
            List<Optional<Capture>> seen = new ArrayList<>();
            window.explore()
                    .captureProperty()
                    .addListener((property, old, now) -> seen.add(Optional.ofNullable(now)));
            window.start(launch(MODEL, "a b"));
            turns.until(() -> !shown(window).isEmpty());
            two.held();
            window.drop(OTHER);
            turns.until(() -> "two".equals(name(window)));
            two.awaitStart();
            assertThat(shown(window)).containsExactly("a", "b");
            two.letGo();
            turns.until(() -> seen.size() > 1);
            assertThat(seen)
                    .containsExactly(
                            Optional.of(one.captures().getFirst()),
                            Optional.of(two.captures().getFirst()));

            WordModel again = WordModel.named("one").held();
            put(MODEL, again);
            window.drop(MODEL);
            turns.until(() -> "one".equals(name(window)));
            again.awaitStart();
            window.cancel();
            turns.until(() -> !window.input().runningProperty().get());
            assertNothingShown(window);
        }
    }

    @Test
    void whatAModelNeedsBesidesTokensIsSaidAtOnceAndItIsNotRun() {
        put(OTHER, WordModel.withoutTokenizer("two").needing("encoder_hidden_states", "pixels"));
        WorkbenchModel window = window();
        EmptyState empty = new EmptyState(window);
        window.start(launch(MODEL, "a b"));
        window.drop(OTHER);
        String why =
                "two needs encoder_hidden_states and pixels, which tokens cannot give, so no text"
                        + " can be run here. Open a model that reads text alone; "
                        + KeyBinding.FOUND.display()
                        + " tells what was found in this one.";
        assertNothingShown(window);
        assertThat(empty.sentence().get()).isEqualTo(why);
        assertThat(window.input().runnableProperty().get()).isFalse();
        assertThat(window.input().problemProperty().get()).isEmpty();
        window.input().run();
        assertThat(window.input().problemProperty().get()).isEqualTo(why);
        put(MODEL, WordModel.named("one"));
        window.drop(MODEL);
        assertThat(shown(window)).containsExactly("a", "b");
        assertThat(window.input().runnableProperty().get()).isTrue();
    }

    @Test
    void theFigureIsThatOfTheViewAndKnowsWhereItComesFrom() {
        WorkbenchModel window = window();
        assertThat(window.figure()).isEmpty();
        window.start(launch(DUMP, ""));
        window.explore().selectHead(new HeadRef(1, 2));
        window.explore().toggleSink();
        window.explore().togglePooling();
        FigureSpec figure = window.figure().orElseThrow();
        assertThat(figure.head()).isEqualTo("L1H2");
        assertThat(figure.range()).isEqualTo(new MapRange(0, 6, 0, 6));
        assertThat(figure.look().droppedKeys()).isEqualTo(1);
        assertThat(figure.look().pooling())
                .isEqualTo(window.explore().viewProperty().get().pooling());
        assertThat(figure.look().scale()).isEqualTo(window.explore().scaleProperty().get());
        assertThat(figure.queryTokens()).isEqualTo(dump.tokens());
        assertThat(figure.source().model()).isEqualTo("formula");
        assertThat(figure.source().tokens()).isEqualTo(6);
        assertThat(figure.source().command()).isEqualTo(window.command().orElseThrow());
        assertThat(window.status().factsProperty().get()).isEqualTo("6 tokens");
    }

    @Test
    void closingDuringARunCancelsItClosesEverythingAndTouchesNothingAnyMore() throws Exception {
        TurnQueue turns = new TurnQueue();
        LaneTaskRunner tasks = new LaneTaskRunner(turns);
        WorkbenchModel window = window(tasks);
        window.start(launch(MODEL, "a b c"));
        turns.until(() -> window.explore().mapProperty().get() != null);
        one.held();
        one.awaitStart();
        InputViewModel input = window.input();
        input.setText("Sample", "d e");
        input.run();
        one.awaitStart();
        window.explore().selectHead(new HeadRef(0, 1));
        window.close();
        assertThat(tasks.ended(Duration.ofSeconds(20))).isTrue();
        assertThat(one.closed()).isTrue();
        assertThat(one.closedWhileRunning()).isFalse();
        assertThat(one.captures()).hasSize(1);
        assertThat(one.captures().getFirst().closed()).isTrue();

        var map = window.explore().mapProperty().get();
        String note = input.noteProperty().get();
        turns.takeAll();
        assertThat(input.runningProperty().get()).isTrue();
        assertThat(input.problemProperty().get()).isEmpty();
        assertThat(input.noteProperty().get()).isEqualTo(note);
        assertThat(window.explore().mapProperty().get()).isSameAs(map);
        assertThat(window.explore().problemProperty().get()).isEmpty();
        assertThat(tasks.tasks()).isEmpty();
    }

    @Test
    void aRunAndAModelThatComeAfterClosingAreClosed() throws Exception {
        TurnQueue turns = new TurnQueue();
        LaneTaskRunner tasks = new LaneTaskRunner(turns);
        WorkbenchModel window = window(tasks);
        one.heedless();
        window.start(launch(MODEL, "a b c"));
        turns.until(() -> window.input().runningProperty().get());
        one.awaitStart();
        window.open().open(OTHER);
        assertThat(opening.poll(20, TimeUnit.SECONDS)).isEqualTo(MODEL);
        // Before that: what has not begun to open is cancelled, and never was anything to close.
        assertThat(opening.poll(20, TimeUnit.SECONDS)).isEqualTo(OTHER);
        tasks.afterwards(List.of("open"), one::letGo);
        window.close();
        assertThat(tasks.ended(Duration.ofSeconds(20))).isTrue();
        turns.takeAll();
        assertThat(one.captures().getFirst().closed()).isTrue();
        assertThat(one.closed()).isTrue();
        assertThat(one.closedWhileRunning()).isFalse();
        assertThat(name(window)).isEqualTo("one");
        assertThat(shown(window)).isEmpty();
        assertThat(two.closed()).isTrue();
    }

    @Test
    void whatGoesWrongOnTheDeviceIsNoticed() {
        WorkbenchModel window = window();
        window.devices().trouble("A map is made on the CPU: the GPU is lost.");
        assertThat(window.status().noticeProperty().get())
                .isEqualTo("A map is made on the CPU: the GPU is lost.");
    }
}
