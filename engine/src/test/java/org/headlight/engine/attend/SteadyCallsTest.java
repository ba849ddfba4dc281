package org.headlight.engine.attend;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.kernel.FlashKernelsForTests;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * What a call takes of the heap once it is compiled. In a virtual machine of its own, as the
 * program has one: where several implementations ran before, the compiler may keep vectors as
 * objects.
 */
class SteadyCallsTest {
    @Test
    void steadyCallsAllocateNothing() {
        FlashKernels kernels = FlashKernelsForTests.best();
        int n = 130;
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 2, 2, 1, n, n, 36, 24).withSoftCap(30);
        AttentionInput single =
                AttentionCase.input(AttentionMask.causal(n - 1), 2, 2, 1, 1, n, 36, 24);
        List<int[]> starts = List.of(new int[] {0, 5, 10, 20}, new int[] {0, 5, 10, 20});
        int[] columns = {1, 3, 5, 7, 8, 2, 4, 9, 11, 70, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        Stripes stripes = Stripes.of(64, 20, starts, List.of(columns, columns));
        BlockCsr blocks = SelectionTest.csr(64, SelectionTest.layout(2, 3, 3, 0.6));
        Selection band = Selection.band(4, 20);
        AttentionOutput output = AttentionOutput.allocate(2, n, 24);
        AttentionOutput one = AttentionOutput.allocate(2, 1, 24);
        try (Attention attention = new Attention(kernels, 2)) {
            assertNothingAllocated(() -> {
                attention.run(input, output, Progress.NONE);
                attention.run(input, blocks, output, Progress.NONE);
                attention.run(input, stripes, output, Progress.NONE);
                attention.run(input, band, output, Progress.NONE);
                attention.run(single, one, Progress.NONE);
            });
        }
    }

    private static void assertNothingAllocated(Runnable calls) {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // Until it is compiled, a vector operation allocates; then nothing does. A busy machine
        // compiles late.
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (least > 0 && System.nanoTime() < deadline) {
            long[] helpers = helpers();
            long before = sum(threads.getThreadAllocatedBytes(helpers));
            long own = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) {
                calls.run();
            }
            own = threads.getCurrentThreadAllocatedBytes() - own;
            long others = sum(threads.getThreadAllocatedBytes(helpers)) - before;
            if (helpers.length > 0) {
                least = Math.min(least, own + others);
            }
        }
        assertThat(least).isZero();
    }

    private static long[] helpers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("attention-"))
                .mapToLong(Thread::threadId)
                .toArray();
    }

    private static long sum(long[] values) {
        return Arrays.stream(values).filter(value -> value > 0).sum();
    }
}
