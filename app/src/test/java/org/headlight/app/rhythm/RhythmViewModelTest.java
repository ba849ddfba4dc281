package org.headlight.app.rhythm;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.rhythm.Horizon;
import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.RhythmSurvey;
import org.headlight.analysis.rhythm.RhythmToken;
import org.headlight.analysis.rhythm.Strategy;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.app.explore.SweepMaps;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.control.strip.TokenMarks;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

class RhythmViewModelTest {
    private final DirectTaskRunner tasks = new DirectTaskRunner();
    private final ExploreViewModel explore =
            new ExploreViewModel(tasks, new SweepMaps(MapBuilder.standard()));
    private final RhythmViewModel view = new RhythmViewModel(tasks, explore, Optional::empty);
    private final FormulaCapture capture = new FormulaCapture(2, 3, FormulaCapture.tokens(60), 12);

    private Rhythm shown() {
        return Objects.requireNonNull(view.rhythmProperty().get());
    }

    private Rhythm expected(int from, RhythmSettings settings) {
        return RhythmSurvey.of(
                capture, from, null, settings, SweepOptions.standard(), Progress.NONE);
    }

    private static Set<Integer> positions(Rhythm rhythm, Predicate<RhythmToken> which) {
        return rhythm.tokens().stream()
                .filter(which)
                .map(RhythmToken::position)
                .collect(Collectors.toSet());
    }

    @Test
    void nothingIsMeasuredBeforeItIsShown() {
        explore.show(capture);
        assertThat(view.rhythmProperty().get()).isNull();
        view.show();
        assertThat(shown().coupling())
                .isEqualTo(expected(12, RhythmSettings.defaults()).coupling());
        assertThat(shown().from()).isEqualTo(12);
    }

    @Test
    void aChangedSettingIsMeasuredAnew() {
        explore.show(capture);
        view.show();
        view.controls().window.set(3);
        view.controls().lo.set(2);
        view.controls().hi.set(9);
        RhythmSettings settings =
                RhythmSettings.defaults().withWindow(3).withHorizon(new Horizon(2, 9));
        assertThat(shown().settings()).isEqualTo(settings);
        assertThat(shown().tokens().get(20).waad())
                .isEqualTo(expected(12, settings).tokens().get(20).waad());
        view.responseFromProperty().set(30);
        assertThat(shown().from()).isEqualTo(30);
    }

    @Test
    void aPastedResponseBeginsAtTheLockedQuery() {
        explore.show(capture);
        view.show();
        explore.selectedCellProperty().set(new Cell(25, 3));
        view.beginAtSelection();
        assertThat(shown().from()).isEqualTo(25);
    }

    @Test
    void preplanAndAnchorTokensAreMarkedWhileItIsShown() {
        explore.show(capture);
        view.show();
        assertThat(explore.dress().marks())
                .containsExactly(
                        new TokenMarks(
                                "preplan",
                                TokenMarks.Sign.ABOVE,
                                positions(shown(), t -> t.marks().preplan())),
                        new TokenMarks(
                                "anchor",
                                TokenMarks.Sign.BELOW,
                                positions(shown(), t -> t.marks().anchor())));
        assertThat(positions(shown(), t -> t.marks().preplan())).hasSize(19);
        var tint = Objects.requireNonNull(explore.dress().tintProperty().get());
        assertThat(tint.name()).isEqualTo("WAAD");
        assertThat(tint.value(20)).isEqualTo((float) shown().tokens().get(20).waad());
        assertThat(tint.value(3)).isNaN();
        view.strategyProperty().set(Strategy.LOCAL_CHUNK);
        view.stripProperty().set(StripShows.WEIGHT);
        tint = Objects.requireNonNull(explore.dress().tintProperty().get());
        assertThat(tint.value(20))
                .isEqualTo((float) shown().tokens().get(20).weight().localChunk());
    }

    @Test
    void settingsThatDoNotGoTogetherAreSaidInThePane() {
        explore.show(capture);
        view.show();
        view.controls().lo.set(60);
        assertThat(view.state().problemProperty().get())
                .isEqualTo(
                        "The horizon is 60:50; expected two distances in tokens, the nearer one"
                                + " first, such as 10:50 or 0:end.");
        assertThat(shown().settings().horizon()).isEqualTo(Horizon.CREDIT);
    }

    @Test
    void nothingIsKeptOfADecoderWhenAnEncoderIsOpened() {
        explore.show(capture);
        view.show();
        assertThat(HeadSet.LOCAL.title(view.rhythmProperty().get()))
                .isEqualTo("Local " + shown().local().size());
        explore.show(new LooksAhead(capture));
        assertThat(view.rhythmProperty().get()).isNull();
        for (HeadSet set : HeadSet.values()) {
            assertThat(set.title(view.rhythmProperty().get())).doesNotContainPattern("[0-9]");
        }
        assertThat(view.state().readyProperty().get()).isFalse();
    }

    @Test
    void anotherCaptureTakesThePlaceOfTheFirst() {
        explore.show(capture);
        view.show();
        explore.show(new FormulaCapture(1, 2, FormulaCapture.tokens(33)));
        assertThat(shown().tokens()).hasSize(33);
        assertThat(shown().from()).isZero();
        assertThat(shown().heads()).hasSize(2);
    }

    /** The same heads, which look both ways. */
    private record LooksAhead(Capture causal) implements Capture {
        @Override
        public CaptureInfo info() {
            return causal.info();
        }

        @Override
        public List<Token> tokens() {
            return causal.tokens();
        }

        @Override
        public List<SiteCapture> sites() {
            return causal.sites().stream().map(this::ahead).toList();
        }

        private SiteCapture ahead(SiteCapture site) {
            List<HeadAttention> heads = new ArrayList<>();
            for (HeadAttention head : site.heads()) {
                QkHead like = (QkHead) head;
                AttentionMask all = AttentionMask.full(like.cols());
                heads.add(new QkHead(like.q(), like.k(), null, like.scale(), all));
            }
            return new SiteCapture(
                    site.layer(),
                    SiteKind.SELF,
                    "ahead" + site.layer(),
                    heads,
                    heads.size(),
                    3,
                    tokens(),
                    tokens());
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {
            causal.close();
        }
    }
}
