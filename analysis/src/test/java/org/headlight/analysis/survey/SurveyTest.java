package org.headlight.analysis.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.antidiagonal.AntidiagonalScorer;
import org.headlight.analysis.antidiagonal.BlockScorePart;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.analysis.heads.AtlasPart;
import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadMetric;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmHead;
import org.headlight.analysis.rhythm.RhythmPart;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.RhythmSurvey;
import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.SinkPart;
import org.headlight.analysis.sinks.SinkReport;
import org.headlight.analysis.sinks.SinkSurvey;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class SurveyTest {

    @Test
    void oneSweepFindsWhatEveryAnalysisFindsAlone(@TempDir Path folder) {
        SweepOptions options = SweepOptions.standard();
        int[] ids = new Random(1).ints(300, 0, HandWiredModel.VOCABULARY).toArray();
        try (Model model = HandWiredModel.open(folder);
                Capture capture =
                        model.capture(
                                model.tokenizer().orElseThrow().describe(ids), Progress.NONE);
                BlockScorePart blocks = new BlockScorePart(XAttentionOptions.defaults(), options)) {
            AtlasPart atlas = new AtlasPart(options.kernels(), 0.3);
            SinkPart sinks = new SinkPart(atlas::column);
            RhythmSettings settings = RhythmSettings.defaults();
            RhythmPart rhythm = new RhythmPart(capture, settings, atlas::distance);
            Survey.run(capture, List.of(atlas, sinks, rhythm, blocks), options, Progress.NONE);
            sameRhythm(
                    rhythm.rhythm(null),
                    RhythmSurvey.of(capture, 0, null, settings, options, Progress.NONE));

            sameAtlas(
                    atlas.atlas(Progress.NONE), HeadAtlas.of(capture, options, 0.3, Progress.NONE));
            sameSinks(
                    sinks.report(capture.tokens()), SinkSurvey.of(capture, options, Progress.NONE));
            BlockTable second = blocks.scores().get(1);
            try (AntidiagonalScorer scorer = new AntidiagonalScorer(options.kernels(), 1)) {
                BlockTable alone =
                        scorer.score(
                                capture.sites().getFirst().heads().get(1),
                                XAttentionOptions.defaults(),
                                Progress.NONE);
                assertThat(second.get(2, 0)).isCloseTo(alone.get(2, 0), within(1e-6));
            }
            assertThat(blocks.scores()).hasSize(6);
        }
    }

    private static void sameAtlas(HeadAtlas found, HeadAtlas alone) {
        for (int i = 0; i < alone.heads().size(); i++) {
            HeadPortrait one = found.heads().get(i);
            HeadPortrait other = alone.heads().get(i);
            assertThat(one.name()).isEqualTo(other.name());
            assertThat(one.kind()).isEqualTo(other.kind());
            for (HeadMetric metric : HeadMetric.values()) {
                assertThat(metric.of(one))
                        .as("%s of %s", metric, one.name())
                        .isCloseTo(
                                metric.of(other), within(1e-5 * (1 + Math.abs(metric.of(other)))));
            }
        }
        assertThat(found.distances().between(0, 4))
                .isCloseTo(alone.distances().between(0, 4), within(1e-6));
    }

    private static void sameRhythm(Rhythm found, Rhythm alone) {
        assertThat(found.heads()).hasSameSizeAs(alone.heads());
        for (int i = 0; i < alone.heads().size(); i++) {
            RhythmHead one = found.heads().get(i);
            RhythmHead other = alone.heads().get(i);
            assertThat(one.name()).isEqualTo(other.name());
            assertThat(one.distance())
                    .isPositive()
                    .isCloseTo(other.distance(), within(1e-5 * other.distance()));
        }
    }

    private static void sameSinks(SinkReport found, SinkReport alone) {
        assertThat(found.heads()).hasSameSizeAs(alone.heads());
        for (int i = 0; i < alone.heads().size(); i++) {
            HeadReceived one = found.heads().get(i);
            HeadReceived other = alone.heads().get(i);
            assertThat(one.name()).isEqualTo(other.name());
            for (int key = 0; key < other.received().keys(); key++) {
                assertThat(one.received().of(key))
                        .isCloseTo(other.received().of(key), within(1e-6));
                assertThat(one.received().queries(key)).isEqualTo(other.received().queries(key));
            }
        }
    }
}
