package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class InterruptTest {
    private final Interrupt interrupt = new Interrupt();
    private final List<String> done = new ArrayList<>();

    @Test
    void theWindowIsToldWhenTheProcessIsAskedToEnd() {
        interrupt.whenAsked(() -> done.add("closed"));
        assertThat(interrupt.asked()).isFalse();
        assertThat(done).isEmpty();
        interrupt.ask();
        assertThat(interrupt.asked()).isTrue();
        assertThat(done).containsExactly("closed");
    }

    @Test
    void aWindowThatOpensTooLateIsToldAtOnce() {
        interrupt.ask();
        interrupt.whenAsked(() -> done.add("closed"));
        assertThat(done).containsExactly("closed");
    }
}
