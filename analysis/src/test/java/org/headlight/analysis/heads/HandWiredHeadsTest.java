package org.headlight.analysis.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import org.headlight.analysis.heads.Detector.Measure;
import org.headlight.analysis.heads.Detector.Options;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.analysis.heads.probe.HeadProbe;
import org.headlight.analysis.heads.probe.RepeatedText;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.HandWiredModel.Role;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Every detector names exactly the heads of a model that were made to do what it looks for. */
class HandWiredHeadsTest {
    private static final RepeatedText.Vocabulary WORDS =
            new RepeatedText.Vocabulary(2, HandWiredModel.VOCABULARY);

    @TempDir static Path folder;
    private static Model model;

    @BeforeAll
    static void open() {
        model = HandWiredModel.open(folder);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static HeadAtlas atlas(int[] ids) {
        try (Capture capture =
                model.capture(model.tokenizer().orElseThrow().describe(ids), Progress.NONE)) {
            return HeadAtlas.of(capture, SweepOptions.standard(), 0.3, Progress.NONE);
        }
    }

    private static List<String> named(HeadAtlas atlas, ToDoubleFunction<HeadPortrait> score) {
        return atlas.heads().stream()
                .filter(head -> score.applyAsDouble(head) > 0.3)
                .map(HeadPortrait::name)
                .toList();
    }

    private static double score(HeadPortrait head, Detector detector, Options options) {
        return head.detectors().orElseThrow().score(detector, options);
    }

    @Test
    void theDetectorNamesThePreviousTheDuplicateAndTheInductionHeadAndNoOther() {
        HeadAtlas atlas = atlas(RepeatedText.varied(5, 6, 20, WORDS, 1).ids());
        HeadAtlas twice = atlas(RepeatedText.twice(40, WORDS, 1).ids());
        for (Measure measure : Measure.values()) {
            // Of this text less than a third are repeats, where heads have something to look for.
            Options options = new Options(measure, false, true);
            assertThat(named(atlas, h -> score(h, Detector.PREVIOUS, options)))
                    .containsExactly(Role.PREVIOUS.headName());
            assertThat(named(twice, h -> score(h, Detector.PREVIOUS, options)))
                    .containsExactly(Role.PREVIOUS.headName());
        }
        assertThat(named(twice, h -> score(h, Detector.DUPLICATE, Options.STANDARD)))
                .containsExactly(Role.DUPLICATE.headName());
        assertThat(named(twice, h -> score(h, Detector.INDUCTION, Options.STANDARD)))
                .containsExactly(Role.INDUCTION.headName());
        Options alone = new Options(Measure.MUL, false, true);
        assertThat(named(atlas, h -> score(h, Detector.DUPLICATE, alone)))
                .containsExactly(Role.DUPLICATE.headName());
        assertThat(named(atlas, h -> score(h, Detector.INDUCTION, alone)))
                .containsExactly(Role.INDUCTION.headName());
    }

    @Test
    void everyHeadIsCalledWhatItWasMadeToBe() {
        HeadAtlas atlas = atlas(RepeatedText.varied(5, 6, 20, WORDS, 2).ids());
        assertThat(atlas.heads())
                .extracting(HeadPortrait::name, HeadPortrait::kind)
                .containsExactly(
                        tuple(Role.PREVIOUS.headName(), HeadKind.PREVIOUS),
                        tuple(Role.SINK.headName(), HeadKind.SINK),
                        tuple(Role.UNIFORM.headName(), HeadKind.EVEN),
                        tuple(Role.INDUCTION.headName(), HeadKind.INDUCTION),
                        tuple(Role.COPYING.headName(), HeadKind.MIXED),
                        tuple(Role.DUPLICATE.headName(), HeadKind.DUPLICATE));
        assertThat(named(atlas, h -> h.statistics().received0()))
                .containsExactly(Role.SINK.headName());
    }

    @Test
    void aProbeWithVaryingGapsNamesTheHeadsThatMatchContent() {
        HeadProbe probe =
                HeadProbe.of(
                        model,
                        RepeatedText.varied(5, 6, 20, WORDS, 3),
                        SweepOptions.standard(),
                        Progress.NONE);
        for (int i = 0; i < probe.names().size(); i++) {
            String name = probe.names().get(i);
            assertThat(probe.scores().get(i).induction() > 0.5)
                    .as(name)
                    .isEqualTo(name.equals(Role.INDUCTION.headName()));
            assertThat(probe.scores().get(i).duplicate() > 0.5)
                    .as(name)
                    .isEqualTo(name.equals(Role.DUPLICATE.headName()));
            assertThat(probe.scores().get(i).previous() > 0.5)
                    .as(name)
                    .isEqualTo(name.equals(Role.PREVIOUS.headName()));
        }
    }

    @Test
    void headsThatDoDifferentThingsAreNotPutTogether() {
        HeadAtlas atlas = atlas(RepeatedText.twice(40, WORDS, 4).ids());
        Clusters clusters = atlas.clusters(HeadAtlas.CUT);
        // Without successors in the text the copying head looks at itself; nobody else does.
        assertThat(clusters.count()).isGreaterThanOrEqualTo(5);
    }
}
