package org.headlight.app.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

class LaneTaskRunnerTest {
    private final BlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
    private final LaneTaskRunner runner = new LaneTaskRunner(turns::add);
    private final AtomicReference<String> log = new AtomicReference<>("");

    @AfterEach
    void close() {
        runner.close();
    }

    private void turn() throws InterruptedException {
        Runnable next = turns.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        next.run();
    }

    private void say(String word) {
        log.updateAndGet(all -> all + word + ";");
    }

    @Test
    void theNewestRequestOfALaneWinsAndTheOlderResultIsDropped() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        runner.submit(
                TaskRequest.of(
                                "run",
                                "",
                                progress -> {
                                    started.countDown();
                                    await(go);
                                    return "old";
                                })
                        .onDone(this::say)
                        .onFailed(failure -> say(failure.kind().name()))
                        .onDropped(value -> say("dropped " + value)));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        runner.submit(TaskRequest.of("run", "", progress -> "new").onDone(this::say));
        go.countDown();
        turn();
        turn();
        assertThat(log.get()).isEqualTo("dropped old;CANCELLED;new;");
    }

    @Test
    void aProblemReachesTheUserAsItsOwnSentence() throws InterruptedException {
        runner.submit(
                TaskRequest.<String>of(
                                "open",
                                "",
                                progress -> {
                                    throw new BadInputException("It is not a model.");
                                })
                        .onFailed(failure -> say(failure.sentence())));
        turn();
        assertThat(log.get()).isEqualTo("It is not a model.;");
    }

    @Test
    void workRunsOnADaemonThreadThatIsNamedAfterItsLane() throws InterruptedException {
        runner.submit(
                TaskRequest.of(
                                "map",
                                "",
                                progress ->
                                        Thread.currentThread().getName()
                                                + " "
                                                + Thread.currentThread().isDaemon())
                        .onDone(this::say));
        turn();
        assertThat(log.get()).isEqualTo("headlight-map true;");
    }

    @Test
    void aFailureThatNobodyWaitsForAnyMoreIsACancelledTask() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        runner.submit(
                TaskRequest.<String>of(
                                "open",
                                "",
                                progress -> {
                                    started.countDown();
                                    await(go);
                                    throw new BadInputException("It is not a model.");
                                })
                        .onFailed(failure -> say(failure.sentence())));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        runner.cancel("open");
        go.countDown();
        turn();
        assertThat(log.get()).isEqualTo("Cancelled.;");
    }

    @Test
    void reportsOfProgressBecomeOneATurnAndEndWithTheCancelling() throws InterruptedException {
        CountDownLatch reported = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        TaskStatus status =
                runner.submit(
                        TaskRequest.of(
                                "run",
                                "Running",
                                progress -> {
                                    progress.at(0.1, "first");
                                    progress.at(0.2, "second");
                                    reported.countDown();
                                    await(cancelled);
                                    progress.at(0.3, "third");
                                    return "end";
                                }));
        assertThat(runner.tasks()).containsExactly(status);
        assertThat(status.fractionProperty().get()).isNegative();
        assertThat(reported.await(20, TimeUnit.SECONDS)).isTrue();
        turn();
        assertThat(status.fractionProperty().get()).isEqualTo(0.2);
        assertThat(status.stageProperty().get()).isEqualTo("second");
        assertThat(turns).isEmpty();
        status.cancel();
        cancelled.countDown();
        turn();
        assertThat(status.stageProperty().get()).isEqualTo("second");
        assertThat(runner.tasks()).isEmpty();
        assertThat(turns).isEmpty();
    }

    @Test
    void whatIsDoneAfterwardsWaitsForEveryLaneAndForNothingThatComesLater()
            throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        runner.submit(
                TaskRequest.of(
                        "a",
                        "",
                        progress -> {
                            await(go);
                            say("a");
                            return "";
                        }));
        runner.afterwards(
                List.of("a", "b", "c"),
                () -> {
                    say("afterwards");
                    done.countDown();
                });
        runner.submit(
                TaskRequest.of(
                                "b",
                                "",
                                progress -> {
                                    say("b");
                                    return "";
                                })
                        .onDone(end -> go.countDown()));
        turn();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(log.get()).isEqualTo("b;a;afterwards;");
    }

    @Test
    void closingCancelsWhatWatchesItsProgressAndNothingComesToTheWindowAnyMore()
            throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        for (String lane : List.of("run", "open")) {
            runner.submit(
                    TaskRequest.<String>of(
                                    lane,
                                    "Working",
                                    progress -> {
                                        started.countDown();
                                        while (true) {
                                            progress.check();
                                            Thread.onSpinWait();
                                        }
                                    })
                            .onDone(this::say)
                            .onFailed(failure -> say(failure.sentence()))
                            .onDropped(this::say));
        }
        // Before that: a newer request cancels an older one that has not begun.
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        runner.submit(
                TaskRequest.of("run", "Waiting", progress -> "never")
                        .onDone(this::say)
                        .onFailed(failure -> say(failure.sentence())));
        runner.afterwards(List.of("run", "open"), () -> say("closed"));
        runner.close();
        assertThat(runner.tasks()).isEmpty();
        assertThat(runner.ended(Duration.ofSeconds(20))).isTrue();
        turns.forEach(Runnable::run);
        assertThat(log.get()).isEqualTo("closed;");
    }

    @Test
    void aResultThatComesAfterClosingIsClosedThoughTheWindowTakesNoMoreTurns()
            throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        runner.submit(
                TaskRequest.of(
                                "open",
                                "",
                                progress -> {
                                    started.countDown();
                                    await(go);
                                    progress.at(1, "late");
                                    return "model";
                                })
                        .onDone(this::say)
                        .onFailed(failure -> say(failure.sentence()))
                        .onDropped(model -> say("closed " + model)));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        runner.close();
        assertThat(runner.ended(Duration.ofMillis(1))).isFalse();
        go.countDown();
        assertThat(runner.ended(Duration.ofSeconds(20))).isTrue();
        assertThat(turns).isEmpty();
        assertThat(log.get()).isEqualTo("closed model;");
    }

    @Test
    void aResultThatWaitedForItsTurnWhenTheWindowWasClosedIsClosedToo()
            throws InterruptedException {
        runner.submit(
                TaskRequest.of("open", "Opening", progress -> "model")
                        .onDone(this::say)
                        .onFailed(failure -> say(failure.sentence()))
                        .onDropped(model -> say("closed " + model)));
        Runnable finish = turns.poll(20, TimeUnit.SECONDS);
        assertThat(finish).isNotNull();
        runner.close();
        finish.run();
        assertThat(log.get()).isEqualTo("closed model;");
    }

    @Test
    void whatIsAskedForAfterClosingIsNotDone() throws InterruptedException {
        runner.close();
        TaskStatus status =
                runner.submit(
                        TaskRequest.of(
                                        "run",
                                        "Running",
                                        progress -> {
                                            say("ran");
                                            return "";
                                        })
                                .onDone(this::say)
                                .onFailed(failure -> say(failure.sentence())));
        assertThat(status.cancelled()).isTrue();
        assertThat(runner.tasks()).isEmpty();
        assertThat(runner.ended(Duration.ofSeconds(20))).isTrue();
        assertThat(turns).isEmpty();
        assertThat(log.get()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
