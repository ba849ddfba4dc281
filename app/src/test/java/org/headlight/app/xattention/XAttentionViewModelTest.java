package org.headlight.app.xattention;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.antidiagonal.AntidiagonalScorer;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.analysis.antidiagonal.ScoreVariant;
import org.headlight.analysis.antidiagonal.SelectionRule;
import org.headlight.analysis.antidiagonal.XAttention;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.BlockOverlay;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the reading shows of a head, against the analysis itself. */
class XAttentionViewModelTest {
    private static final SweepOptions SWEEP = SweepOptions.standard().withThreads(1);

    private final DirectTaskRunner tasks = new DirectTaskRunner();
    private final ExploreViewModel explore =
            new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
    private final XAttentionViewModel model = new XAttentionViewModel(tasks, explore, SWEEP);

    private FormulaCapture show(int tokens) {
        FormulaCapture capture = new FormulaCapture(2, 2, FormulaCapture.tokens(tokens));
        explore.show(capture);
        model.setActive(true);
        model.setBlock(16);
        return capture;
    }

    private static HeadBlocks truth(SiteCapture site, int head, XAttentionOptions options) {
        try (AntidiagonalScorer scorer = new AntidiagonalScorer(SWEEP.kernels(), 1)) {
            return HeadBlocks.of(
                    site,
                    head,
                    scorer.score(site.heads().get(head), options, Progress.NONE),
                    XAttention.mass(site.heads().get(head), 16, SWEEP, Progress.NONE),
                    options);
        }
    }

    private void assertShows(HeadBlocks truth) {
        HeadBlocks shown = Objects.requireNonNull(model.shownProperty().get().blocks());
        assertThat(shown.name()).isEqualTo(truth.name());
        assertThat(shown.quality().recall()).isEqualTo(truth.quality().recall());
        assertThat(model.shownProperty().get().density()).isEqualTo(truth.quality().density());
        BlockOverlay overlay = explore.dress().overlayProperty().get();
        assertThat(overlay.queriesPerBlock()).isEqualTo(truth.options().block());
        for (int row = 0; row < truth.grid().rows(); row++) {
            for (int col = 0; col < truth.grid().cols(); col++) {
                byte expected = BlockOverlay.NONE;
                if (truth.chosen().contains(row, col)) {
                    expected = BlockOverlay.KEPT;
                } else if (truth.quality().missed().contains(row, col)) {
                    expected = BlockOverlay.MISSED;
                } else if (col <= row) {
                    expected = BlockOverlay.SKIPPED;
                }
                assertThat(overlay.mark(row, col)).as("%d, %d", row, col).isEqualTo(expected);
            }
        }
    }

    @Test
    void everyControlRedrawsTheBlocksOfTheHeadOnShow() {
        FormulaCapture capture = show(200);
        SiteCapture site = capture.sites().get(1);
        explore.selectHead(new HeadRef(1, 1));
        XAttentionOptions options = XAttentionOptions.defaults().withBlock(16);
        assertShows(truth(site, 1, options));
        model.change(now -> now.withThreshold(0.4));
        assertShows(truth(site, 1, options.withThreshold(0.4)));
        model.change(now -> now.withStride(4).withRule(SelectionRule.REFERENCE));
        options = options.withThreshold(0.4).withStride(4).withRule(SelectionRule.REFERENCE);
        assertShows(truth(site, 1, options));
        model.change(now -> now.withVariant(ScoreVariant.DIAGONAL));
        options = options.withVariant(ScoreVariant.DIAGONAL);
        assertShows(truth(site, 1, options));
        model.setBlock(64);
        assertShows(truth(site, 1, options.withBlock(64)));
    }

    @Test
    void everyHeadIsMeasuredAndFollowsTheThreshold() {
        FormulaCapture capture = show(130);
        model.surveyAll();
        assertThat(model.heads())
                .extracting(HeadBlocks::name)
                .containsExactly("L0H0", "L0H1", "L1H0", "L1H1");
        model.change(now -> now.withThreshold(0.5));
        XAttentionOptions options = model.optionsProperty().get();
        HeadBlocks expected = truth(capture.sites().get(1), 0, options);
        assertThat(model.heads().get(2).quality().recall()).isEqualTo(expected.quality().recall());
        assertThat(model.heads().get(2).options().threshold()).isEqualTo(0.5);
    }

    @Test
    void eachHeadMayHaveTheThresholdOfItsOwnProfile() {
        FormulaCapture capture = show(200);
        model.surveyAll();
        assertThat(model.commandOptions()).contains("--threshold").doesNotContain("--profile");
        model.perHeadProperty().set(true);
        assertThat(model.commandOptions()).contains("--profile").doesNotContain("--threshold");
        HeadBlocks plain = truth(capture.sites().get(0), 0, model.optionsProperty().get());
        HeadBlocks expected = plain.chosenBy(plain.profiled(), SelectionRule.MINIMAL);
        assertShows(expected);
        assertThat(model.heads().getFirst().options().threshold()).isEqualTo(plain.profiled());
        assertThat(model.optionsProperty().get().threshold()).isEqualTo(0.9);
    }

    @Test
    void scoresArePaintedOverTheMapWhenAskedFor() {
        show(200);
        assertThat(explore.dress().overlayProperty().get().paintsValues()).isFalse();
        model.paintScoresProperty().set(true);
        BlockOverlay overlay = explore.dress().overlayProperty().get();
        assertThat(overlay.paintsValues()).isTrue();
        assertThat(overlay.value(0, 0)).isEqualTo(1);
        assertThat(overlay.value(0, 1)).isNaN();
    }

    @Test
    void aStrideThatNoLongerDividesTheBlockIsMadeToFit() {
        show(200);
        model.change(now -> now.withStride(16));
        model.setBlock(128);
        model.change(now -> now.withStride(64));
        model.setBlock(32);
        assertThat(model.optionsProperty().get().stride()).isEqualTo(32);
        assertThat(model.strideChoices()).isEqualTo(List.of(1, 2, 4, 8, 16, 32));
        assertThat(model.blockChoices()).isEqualTo(List.of(16, 32, 64, 128, 256, 512));
    }

    @Test
    void withoutACaptureItSaysWhatToDo() {
        model.setActive(true);
        assertThat(model.state().readyProperty().get()).isFalse();
        assertThat(model.state().emptyProperty().get()).isEqualTo(XAttentionViewModel.EMPTY);
    }

    @Test
    void whatIsKnownOfAHeadChangesAsAWholeWhenAnotherTextIsShown() {
        List<ShownBlocks> seen = new ArrayList<>();
        model.shownProperty().addListener((property, old, now) -> seen.add(now));
        show(200);
        explore.show(new FormulaCapture(2, 2, FormulaCapture.tokens(130)));
        assertThat(seen).extracting(ShownBlocks::curve).contains(List.of());
        assertThat(seen).anyMatch(shown -> !shown.curve().isEmpty());
        assertThat(seen)
                .allSatisfy(shown -> {
                    assertThat(shown.curve().isEmpty()).isEqualTo(shown.blocks() == null);
                    assertThat(Double.isNaN(shown.profiled())).isEqualTo(shown.blocks() == null);
                    assertThat(Double.isNaN(shown.threshold())).isEqualTo(shown.blocks() == null);
                });
    }

    @Test
    void nothingIsComputedWhileAnotherReadingIsChosen() {
        explore.show(new FormulaCapture(1, 1, FormulaCapture.tokens(40)));
        assertThat(model.shownProperty().get().blocks()).isNull();
        assertThat(explore.dress().overlayProperty().get()).isNull();
    }
}
