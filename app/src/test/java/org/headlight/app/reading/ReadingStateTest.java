package org.headlight.app.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.app.task.DirectTaskRunner;
import org.headlight.app.task.TaskRequest;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What a pane shows while work runs and fails; tables as text. */
class ReadingStateTest {
    private final ReadingState state = new ReadingState("Run a text.");
    private final DirectTaskRunner tasks = new DirectTaskRunner();

    @Test
    void workThatEndsWellLeavesNoTrace() {
        List<String> results = new ArrayList<>();
        state.problem("old");
        state.run(tasks, TaskRequest.of("l", "t", progress -> "made").onDone(results::add));
        assertThat(results).containsExactly("made");
        assertThat(state.workProperty().get()).isNull();
        assertThat(state.problemProperty().get()).isEmpty();
        assertThat(state.readyProperty().get()).isFalse();
    }

    @Test
    void aFailureIsToldInPlaceAndACancelledOneIsNot() {
        state.ready();
        state.run(
                tasks,
                TaskRequest.of(
                        "l",
                        "t",
                        progress -> {
                            throw new BadInputException("The text is too short.");
                        }));
        assertThat(state.problemProperty().get()).isEqualTo("The text is too short.");
        assertThat(state.readyProperty().get()).isTrue();
        state.run(
                tasks,
                TaskRequest.of(
                        "l",
                        "t",
                        progress -> {
                            throw new CancelledException();
                        }));
        assertThat(state.problemProperty().get()).isEmpty();
        assertThat(state.workProperty().get()).isNull();
    }

    @Test
    void nothingToShowTakesResultAndProblemAway() {
        state.ready();
        state.problem("gone");
        state.empty("Open a model.");
        assertThat(state.readyProperty().get()).isFalse();
        assertThat(state.emptyProperty().get()).isEqualTo("Open a model.");
        assertThat(state.problemProperty().get()).isEmpty();
    }

    @Test
    void fieldsOfATableAreQuotedWhereTheyMustBe() {
        CsvTable table = new CsvTable("head", "token", "value");
        table.row("L0H1", "a,\"b\"\n", 0.5).row("L0H2", "plain", Double.NaN);
        assertThat(table.text())
                .isEqualTo("head,token,value\nL0H1,\"a,\"\"b\"\"\n\",0.5\nL0H2,plain,\n");
        assertThatThrownBy(() -> table.row(1, 2)).hasMessage("2 values for 3 columns");
    }
}
