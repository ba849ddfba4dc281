package org.headlight.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryTest {

    @Test
    void undoAndRedoStepThroughWhatWas() {
        History<String> history = new History<>("a", 10);
        history.push("b");
        history.push("c");
        assertThat(history.undo()).contains("b");
        assertThat(history.undo()).contains("a");
        assertThat(history.undo()).isEmpty();
        assertThat(history.redo()).contains("b");
        history.push("d");
        assertThat(history.canRedo()).isFalse();
        assertThat(history.undo()).contains("b");
    }

    @Test
    void anAmendedStepIsStillOneStep() {
        History<String> history = new History<>("a", 10);
        history.push("b");
        history.push("b1");
        history.undo();
        history.amend("c");
        assertThat(history.present()).isEqualTo("c");
        assertThat(history.canRedo()).isFalse();
        assertThat(history.undo()).contains("a");
        assertThat(history.redo()).contains("c");
    }

    @Test
    void whatChangesNothingIsNoStep() {
        History<String> history = new History<>("a", 10);
        history.push("a");
        assertThat(history.canUndo()).isFalse();
    }

    @Test
    void onlyTheLastStepsAreKept() {
        History<Integer> history = new History<>(0, 2);
        for (int i = 1; i <= 5; i++) {
            history.push(i);
        }
        assertThat(history.undo()).contains(4);
        assertThat(history.undo()).contains(3);
        assertThat(history.undo()).isEmpty();
    }
}
