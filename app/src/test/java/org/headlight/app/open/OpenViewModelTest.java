package org.headlight.app.open;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.input.WordModel;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsStore;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.LaneTaskRunner;
import org.headlight.app.task.TaskStatus;
import org.headlight.app.task.TurnQueue;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.source.Source;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

class OpenViewModelTest {
    private static final String NO_MODEL = "It is no model; expected an .onnx file.";

    @TempDir Path folder;

    private final Map<Path, WordModel> made = new ConcurrentHashMap<>();
    private final Semaphore started = new Semaphore(0);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final TurnQueue turns = new TurnQueue();
    private final LaneTaskRunner lanes = new LaneTaskRunner(turns);

    @AfterEach
    void close() {
        letGo.countDown();
        lanes.close();
    }

    private SettingsModel settings() {
        return new SettingsModel(new SettingsStore(folder.resolve("settings.json")));
    }

    /** Those named "slow..." take until they are let go, and "...bad" is no model. */
    private Source source(Path path, Progress progress) {
        progress.at(0.5, "reading");
        started.release();
        String name = String.valueOf(path.getFileName());
        if (name.startsWith("slow")) {
            await();
        }
        if (name.endsWith("bad")) {
            throw new BadInputException(NO_MODEL);
        }
        WordModel model = WordModel.named(name);
        made.put(path, model);
        return new Source.ModelSource(model);
    }

    private void await() {
        try {
            assertThat(letGo.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private OpenViewModel direct(FileDialogs dialogs) {
        return new OpenViewModel(
                new DirectTaskRunner(), settings(), this::source, dialogs, this::example);
    }

    private OpenViewModel direct() {
        return direct(FixedDialogs.cancelling());
    }

    private OpenViewModel slow() {
        return new OpenViewModel(
                lanes, settings(), this::source, FixedDialogs.cancelling(), this::example);
    }

    private Path example() {
        return folder.resolve("the-example");
    }

    private Path path(String name) {
        return folder.toAbsolutePath().normalize().resolve(name);
    }

    private WordModel model(String name) {
        return Objects.requireNonNull(made.get(path(name)));
    }

    private void awaitStart() throws InterruptedException {
        assertThat(started.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    private static String opened(OpenViewModel open) {
        Opened now = open.openedProperty().get();
        return now == null ? "nothing" : now.name();
    }

    @Test
    void aSecondOpeningWhileTheFirstIsLoadingWinsAndTheLateModelIsClosed()
            throws InterruptedException {
        OpenViewModel open = slow();
        List<String> shown = new ArrayList<>();
        open.openedProperty().addListener((property, old, now) -> shown.add(opened(open)));
        open.open(path("slow"));
        awaitStart();
        open.open(path("quick"));
        assertThat(open.loadingProperty().get()).isEqualTo("quick");
        letGo.countDown();
        turns.until(() -> open.openedProperty().get() != null);
        assertThat(shown).containsExactly("quick");
        assertThat(model("slow").closed()).isTrue();
        assertThat(model("quick").closed()).isFalse();
        assertThat(open.recent()).containsExactly(path("quick"));
        assertThat(open.loadingProperty().get()).isEmpty();
        assertThat(open.problemProperty().get()).isEmpty();
    }

    @Test
    void anOpeningThatFailsAfterItWasReplacedSaysNothing() throws InterruptedException {
        OpenViewModel open = slow();
        open.open(path("slow-bad"));
        awaitStart();
        open.open(path("quick"));
        letGo.countDown();
        turns.until(() -> open.openedProperty().get() != null);
        assertThat(opened(open)).isEqualTo("quick");
        assertThat(open.problemProperty().get()).isEmpty();
    }

    @Test
    void theEndOfAnOlderOpeningDoesNotEndTheLoadingOfANewerOneOfTheSameName()
            throws InterruptedException {
        OpenViewModel open = slow();
        open.open(path("a/slow-model"));
        awaitStart();
        open.open(path("b/slow-model"));
        List<String> loading = new ArrayList<>();
        open.loadingProperty().addListener((property, old, now) -> loading.add(now));
        letGo.countDown();
        turns.until(() -> made.containsKey(path("a/slow-model")));
        turns.until(() -> model("a/slow-model").closed());
        assertThat(loading).isEmpty();
        turns.until(() -> open.openedProperty().get() != null);
        assertThat(loading).containsExactly("");
        assertThat(Objects.requireNonNull(open.openedProperty().get()).path())
                .isEqualTo(path("b/slow-model"));
    }

    @Test
    void loadingIsATaskWithItsProgressAndCancellingItLeavesWhatWasOpen()
            throws InterruptedException {
        OpenViewModel open = slow();
        open.open(path("first"));
        turns.until(() -> open.openedProperty().get() != null);
        awaitStart();
        open.open(path("slow"));
        awaitStart();
        TaskStatus task = lanes.tasks().getFirst();
        assertThat(task.title()).isEqualTo("Opening slow");
        turns.until(() -> task.fractionProperty().get() == 0.5);
        assertThat(task.stageProperty().get()).isEqualTo("reading");
        assertThat(open.loadingProperty().get()).isEqualTo("slow");
        assertThat(opened(open)).isEqualTo("first");
        task.cancel();
        letGo.countDown();
        turns.until(() -> open.loadingProperty().get().isEmpty());
        assertThat(opened(open)).isEqualTo("first");
        assertThat(open.problemProperty().get()).isEmpty();
        assertThat(model("slow").closed()).isTrue();
        assertThat(model("first").closed()).isFalse();
        assertThat(lanes.tasks()).isEmpty();
    }

    @Test
    void aFailedOpeningSaysItsSentenceLeavesWhatWasOpenAndIsForgottenByTheNext() {
        OpenViewModel open = direct();
        open.open(path("good"));
        open.open(path("bad"));
        assertThat(open.problemProperty().get()).isEqualTo(NO_MODEL);
        assertThat(opened(open)).isEqualTo("good");
        assertThat(open.loadingProperty().get()).isEmpty();
        assertThat(model("good").closed()).isFalse();
        open.open(path("good"));
        assertThat(open.problemProperty().get()).isEmpty();
        open.open(path("bad"));
        open.dismissProblem();
        assertThat(open.problemProperty().get()).isEmpty();
    }

    @Test
    void recentSourcesAreTenTheNewestFirstEachOnceAndKnownToTheNextWindow() {
        OpenViewModel open = direct();
        List<Path> wanted = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            open.open(path("m" + i));
            wanted.addFirst(path("m" + i));
        }
        open.open(path("m5"));
        wanted.remove(path("m5"));
        wanted.addFirst(path("m5"));
        assertThat(open.recent()).isEqualTo(wanted.subList(0, 10));
        assertThat(direct().recent()).isEqualTo(wanted.subList(0, 10));
    }

    @Test
    void aFailureTakesOnlyWhatIsGoneOffTheRecentOnes() throws IOException {
        Path there = Files.createDirectory(path("there"));
        OpenViewModel open = direct();
        open.open(there);
        open.open(path("gone"));
        assertThat(open.recent()).containsExactly(path("gone"), there);
        open.open(path("bad"));
        assertThat(open.recent()).containsExactly(there);
        assertThat(direct().recent()).containsExactly(there);
    }

    @Test
    void theExampleIsToldApartAndNotRemembered() {
        OpenViewModel open = direct();
        open.openExample();
        assertThat(Objects.requireNonNull(open.openedProperty().get()).path()).isEqualTo(example());
        assertThat(open.exampleOpenProperty().get()).isTrue();
        assertThat(open.recent()).isEmpty();
        open.open(path("bad"));
        assertThat(open.exampleOpenProperty().get()).isTrue();
        open.open(path("mine"));
        assertThat(open.exampleOpenProperty().get()).isFalse();
    }

    @Test
    void aRelativePathIsRememberedWhole() {
        OpenViewModel open = direct();
        open.open(Path.of("x", "..", "some-model"));
        assertThat(open.recent()).containsExactly(Path.of("some-model").toAbsolutePath());
    }

    @Test
    void whatIsChosenInADialogIsOpenedAndACancelledDialogChangesNothing() {
        OpenViewModel cancelling = direct();
        cancelling.browseFile();
        cancelling.browseFolder();
        assertThat(started.availablePermits()).isZero();
        FixedDialogs dialogs = FixedDialogs.choosing(path("chosen"));
        OpenViewModel choosing = direct(dialogs);
        choosing.browseFile();
        assertThat(opened(choosing)).isEqualTo("chosen");
        choosing.browseFolder();
        assertThat(dialogs.asked()).containsExactly("source", "folder");
        assertThat(started.availablePermits()).isEqualTo(2);
    }
}
