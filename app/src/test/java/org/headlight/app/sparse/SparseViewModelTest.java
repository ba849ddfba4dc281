package org.headlight.app.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.DenseRun;
import org.headlight.analysis.sparse.run.FrontierPoint;
import org.headlight.analysis.sparse.run.HeadFidelity;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.input.MiniLm;
import org.headlight.app.open.Opened;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.source.Source;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.control.grid.HeadRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Runs of the pane against runs of the study itself. */
class SparseViewModelTest {
    private final SparseFixture fixture = new SparseFixture(new DirectTaskRunner());
    private final SparseViewModel sparse = fixture.parts.sparse();
    private final SparseSetup setup = sparse.setup();

    @AfterEach
    void close() {
        fixture.close();
    }

    private SparseResult shown() {
        SparseRun run = sparse.runProperty().get();
        assertThat(run).isNotNull();
        return run.result();
    }

    private SparseResult truth(
            List<Token> tokens, int prompt, Assignment assignment, SparseOptions options) {
        SparseStudy study = SparseFixture.study(fixture.model());
        try (DenseRun dense = study.dense(tokens, false, Progress.NONE)) {
            return study.run(dense, prompt, assignment, options, Progress.NONE);
        }
    }

    private static void assertSame(SparseResult shown, SparseResult truth) {
        assertThat(shown.prompt()).isEqualTo(truth.prompt());
        assertThat(shown.density()).isEqualTo(truth.density());
        assertThat(shown.recall()).isEqualTo(truth.recall());
        assertThat(shown.endToEnd().orElseThrow().kl())
                .isCloseTo(truth.endToEnd().orElseThrow().kl(), within(1e-6));
        assertThat(shown.heads())
                .extracting(HeadFidelity::outputError)
                .isEqualTo(truth.heads().stream().map(HeadFidelity::outputError).toList());
        assertThat(shown.heads())
                .extracting(h -> h.head() + h.phase().word())
                .isEqualTo(truth.heads().stream().map(h -> h.head() + h.phase().word()).toList());
    }

    @Test
    void withoutAModelOrATextItSaysWhatToDo() {
        assertThat(sparse.state().emptyProperty().get()).isEqualTo(SparseViewModel.NO_MODEL);
        sparse.run();
        assertThat(sparse.runProperty().get()).isNull();
        FormulaCapture capture = new FormulaCapture(1, 1, FormulaCapture.words("a b"));
        fixture.opened.set(new Opened(Path.of("a.npy"), new Source.CaptureSource(capture)));
        assertThat(sparse.state().emptyProperty().get()).isEqualTo(SparseViewModel.CAPTURE);
        fixture.openTheExample();
        assertThat(sparse.state().emptyProperty().get()).isEqualTo(SparseViewModel.NO_TEXT);
        assertThat(sparse.runnableProperty().get()).isFalse();
        fixture.show(SparseFixture.TEXT);
        assertThat(sparse.state().emptyProperty().get()).isEqualTo(SparseViewModel.START);
        assertThat(sparse.runnableProperty().get()).isTrue();
    }

    @Test
    void anEncodersTextIsReadAtOnceAndOnlyItsAttentionIsCompared(@TempDir Path folder)
            throws IOException {
        fixture.openTheExample();
        fixture.show(SparseFixture.TEXT);
        setup.decode().choose(fixture.later);
        assertThat(setup.wholeProperty().get()).isFalse();
        fixture.explore.clear();
        fixture.open(MiniLm.in(folder));
        List<Token> tokens = fixture.show(SparseFixture.TEXT);
        assertThat(setup.wholeProperty().get()).isTrue();
        assertThat(setup.promptProperty().get()).isEqualTo(tokens.size());
        assertThat(setup.decode().choice()).isEmpty();
        setup.main().set("window", 5);
        sparse.run();
        assertThat(sparse.state().problemProperty().get()).isEmpty();
        assertThat(shown().prompt()).isEqualTo(tokens.size());
        assertThat(shown().endToEnd()).isEmpty();
        double pairs = 0;
        for (int query = 0; query < tokens.size(); query++) {
            pairs += Math.min(9, query + 1);
        }
        assertThat(shown().density())
                .isCloseTo(pairs / tokens.size() / tokens.size(), within(1e-12));
        assertThat(shown().recall().mean()).isBetween(0.01, 0.99);
        assertThat(SparseNotes.of(shown()))
                .contains(
                        "The model predicts no next token, so its attention alone is compared:"
                                + " density, recall and output error.")
                .noneMatch(note -> note.contains("continuation"));
        FrontierViewModel frontier = fixture.parts.frontier();
        assertThat(frontier.lossProperty().get()).isEqualTo(FrontierPoint.Loss.OUTPUT);
        setup.main().choose(fixture.later);
        sparse.run();
        assertThat(SparseNotes.of(shown()))
                .contains(
                        "Band late acts on tokens that are decoded one by one, and the whole text"
                                + " is read at once: nothing ran by it.");
        fixture.explore.clear();
        fixture.openTheExample();
        List<Token> again = fixture.show(SparseFixture.TEXT);
        assertThat(setup.wholeProperty().get()).isFalse();
        assertThat(setup.promptProperty().get()).isEqualTo(SparseStudy.promptOf(again.size()));
    }

    @Test
    void theNumbersAreThoseOfTheStudy() {
        fixture.openTheExample();
        List<Token> tokens = fixture.show(SparseFixture.TEXT);
        assertThat(setup.promptProperty().get()).isEqualTo(SparseStudy.promptOf(tokens.size()));
        sparse.run();
        assertThat(sparse.state().problemProperty().get()).isEmpty();
        PolicyChoice choice = PolicyChoice.preset(fixture.both, tokens.size());
        int prompt = SparseStudy.promptOf(tokens.size());
        assertSame(
                shown(), truth(tokens, prompt, Assignment.everywhere(choice), SparseOptions.ALL));
        assertThat(SparseNotes.of(shown()).toString()).contains("scaled preset");

        setup.promptProperty().set(20);
        setup.main().set("window", 7);
        setup.decode().choose(fixture.later);
        setup.decode().set("window", 3);
        sparse.run();
        Settings settings = choice.settings().with("window", 7);
        PolicyChoice late = PolicyChoice.preset(fixture.later, tokens.size());
        Assignment both =
                Assignment.everywhere(new PolicyChoice(fixture.both, settings))
                        .with(new PolicyChoice(fixture.later, late.settings().with("window", 3)));
        assertSame(shown(), truth(tokens, 20, both, SparseOptions.ALL));
    }

    @Test
    void layersAndHeadsHavePoliciesOfTheirOwn() {
        fixture.openTheExample();
        List<Token> tokens = fixture.show(SparseFixture.TEXT);
        fixture.explore.selectHead(new HeadRef(1, 2));
        setup.scopeProperty().set(Scope.LAYER);
        sparse.run();
        assertThat(shown().heads()).allMatch(head -> head.head().layer() == 1);
        setup.keep();
        setup.scopeProperty().set(Scope.HEADS);
        setup.main().set("window", 2);
        fixture.explore.selectHead(new HeadRef(2, 0));
        sparse.run();
        PolicyChoice first = PolicyChoice.preset(fixture.both, tokens.size());
        PolicyChoice second = new PolicyChoice(fixture.both, first.settings().with("window", 2));
        Assignment assignment =
                Assignment.DENSE.with(1, first).with(Set.of(HeadAddress.self(2, 0)), second);
        assertSame(shown(), truth(tokens, shown().prompt(), assignment, SparseOptions.ALL));
        assertThat(setup.rules()).extracting(SparseRule::words).containsExactly("Band band for L1");
        assertThat(sparse.runProperty().get().scopes())
                .containsEntry(first, "L1")
                .containsEntry(second, "L2H0");
    }

    @Test
    void badInputIsSaidAndWhatWasShownStays() {
        fixture.openTheExample();
        List<Token> tokens = fixture.show(SparseFixture.TEXT);
        sparse.run();
        SparseRun before = sparse.runProperty().get();
        setup.promptProperty().set(tokens.size() + 5);
        sparse.run();
        assertThat(sparse.state().problemProperty().get())
                .isEqualTo(
                        "A prompt of "
                                + (tokens.size() + 5)
                                + " tokens does not fit a text of "
                                + tokens.size()
                                + "; expected 1 to "
                                + tokens.size()
                                + ".");
        setup.promptProperty().set(20);
        setup.needleProperty().set("no such words");
        sparse.run();
        assertThat(sparse.state().problemProperty().get())
                .isEqualTo(
                        "The needle \"no such words\" does not occur in the text; copy it from"
                                + " there.");
        setup.needleProperty().set("");
        setup.main().choose(fixture.wrong);
        sparse.run();
        assertThat(sparse.state().problemProperty().get()).isEqualTo(BandPolicy.REFUSAL);
        setup.main().choose(null);
        sparse.run();
        assertThat(sparse.state().problemProperty().get())
                .isEqualTo("Choose a policy first: no head has one.");
        assertThat(sparse.runProperty().get()).isSameAs(before);
    }

    @Test
    void aNeedleIsFollowedByItsTokens() {
        fixture.openTheExample();
        List<Token> tokens = fixture.show(SparseFixture.TEXT);
        setup.needleProperty().set("seventy two");
        sparse.run();
        SparseOptions.Needle needle = NeedleFinder.find(tokens, "seventy two");
        StringBuilder words = new StringBuilder();
        tokens.subList(needle.from(), needle.to()).forEach(token -> words.append(token.text()));
        assertThat(words.toString()).contains("seventy two");
        assertThat(words.length()).isLessThan("seventy two".length() + 8);
        PolicyChoice choice = PolicyChoice.preset(fixture.both, tokens.size());
        SparseResult truth =
                truth(
                        tokens,
                        shown().prompt(),
                        Assignment.everywhere(choice),
                        SparseOptions.ALL.with(needle));
        assertThat(shown().needle()).isEqualTo(truth.needle()).isPresent();
    }

    @Test
    void aPolicyThatKeepsEverythingIsSaidToBeDense() {
        fixture.openTheExample();
        fixture.show(SparseFixture.TEXT);
        setup.main().takePaper();
        sparse.run();
        assertThat(shown().degenerate()).isTrue();
        assertThat(SparseNotes.of(shown()).toString()).contains("keeps everything at this length");
        assertThat(shown().worstLayerError()).isLessThan(1e-5);
    }

    @Test
    void anotherTextTakesTheRunAwayAndScalesThePresetAnew() {
        fixture.openTheExample();
        fixture.show(SparseFixture.TEXT);
        sparse.run();
        List<Token> other = fixture.show(SparseFixture.TEXT + " seventy two. And so on.");
        assertThat(sparse.runProperty().get()).isNull();
        assertThat(sparse.state().readyProperty().get()).isTrue();
        assertThat(setup.main().settingsProperty().get())
                .isEqualTo(fixture.both.preset(other.size()));
        setup.main().set("window", 9);
        fixture.show(SparseFixture.TEXT);
        assertThat(setup.main().settingsProperty().get().whole("window")).isEqualTo(9);
    }

    @Test
    void theResponseOfAPolicyThatKeepsEverythingIsTheDenseOne() {
        Model model = fixture.openTheExample();
        fixture.show(SparseFixture.TEXT);
        assertThat(model.cannotGenerate()).isEmpty();
        setup.main().takePaper();
        sparse.run();
        fixture.parts.responses().mostProperty().set(8);
        fixture.parts.responses().write();
        assertThat(sparse.state().problemProperty().get()).isEmpty();
        ResponseViewModel.Responses same = fixture.parts.responses().responsesProperty().get();
        assertThat(same).isNotNull();
        assertThat(same.equal()).isTrue();
        assertThat(same.dense()).hasSizeBetween(1, 8);

        setup.main().set("window", 1);
        setup.main().set("sink", 0);
        sparse.run();
        assertThat(fixture.parts.responses().responsesProperty().get()).isNull();
        fixture.parts.responses().write();
        ResponseViewModel.Responses other = fixture.parts.responses().responsesProperty().get();
        assertThat(other).isNotNull();
        assertThat(other.equal()).isFalse();
        assertThat(other.dense()).isEqualTo(same.dense());
        assertThat(other.passes()).isBetween(1, 8);
    }
}
