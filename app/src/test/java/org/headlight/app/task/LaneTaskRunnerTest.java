package org.headlight.app.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
