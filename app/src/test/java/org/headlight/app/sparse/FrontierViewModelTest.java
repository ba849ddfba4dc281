package org.headlight.app.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.sparse.run.Frontier;
import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Sweeps of the pane on the embedded example. */
class FrontierViewModelTest {
    private final SparseFixture fixture = new SparseFixture(new DirectTaskRunner());
    private final FrontierViewModel frontier = fixture.parts.frontier();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everySettingOfWhatIsChosenIsAPointAndWhatCannotRunIsSaid() {
        fixture.openTheExample();
        List<Token> tokens = fixture.show(SparseFixture.TEXT);
        assertThat(frontier.chosen()).hasSize(3);
        frontier.chosen().remove(fixture.later);
        frontier.sweep();
        List<PolicyChoice> wanted = Frontier.sweep(fixture.both, tokens.size());
        assertThat(frontier.points()).extracting(FrontierPoint::choice).isEqualTo(wanted);
        assertThat(frontier.failures()).containsExactly("Band wrong: " + BandPolicy.REFUSAL);
        assertThat(fixture.parts.sparse().state().readyProperty().get()).isTrue();

        frontier.lossProperty().set(FrontierPoint.Loss.MISSED);
        assertThat(frontier.front())
                .isNotEmpty()
                .isEqualTo(
                        Frontier.best(
                                frontier.points(),
                                FrontierPoint.Cost.DENSITY,
                                FrontierPoint.Loss.MISSED));
        assertThat(
                        new FrontierTable(
                                        frontier.points(),
                                        FrontierPoint.Cost.TIME,
                                        FrontierPoint.Loss.MISSED)
                                .options())
                .containsExactly(
                        "--policies",
                        fixture.both.info().name(),
                        "--cost",
                        "time",
                        "--loss",
                        "missed",
                        "--out",
                        "frontier.csv");
        int before = frontier.points().size();
        frontier.sweep();
        assertThat(frontier.points()).hasSize(before);
    }

    @Test
    void aPointOpensItsRunAndItsSettings() {
        fixture.openTheExample();
        fixture.show(SparseFixture.TEXT);
        frontier.chosen().retainAll(List.of(fixture.both));
        frontier.sweep();
        FrontierPoint point = frontier.points().getFirst();
        frontier.open(point);
        assertThat(fixture.parts.sparse().runProperty().get().result()).isSameAs(point.result());
        assertThat(fixture.parts.sparse().setup().main().choice()).contains(point.choice());
        fixture.show("Another text, which is not so long.");
        assertThat(frontier.points()).isEmpty();
    }

    @Test
    void withNothingChosenItSaysWhatToDo() {
        fixture.openTheExample();
        fixture.show(SparseFixture.TEXT);
        frontier.chosen().clear();
        frontier.sweep();
        assertThat(fixture.parts.sparse().state().problemProperty().get())
                .isEqualTo("Choose the policies to sweep first: none is chosen.");
    }
}
