package org.headlight.analysis.sparse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.heads.TestMaps;
import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** An encoder predicts no tokens and has no steps: its attention alone is compared. */
class EncoderStudyTest {
    private static final int N = 20;
    private static final int FIRST = 3;
    private static final int LAST = 4;

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init") // Opened before all tests.
    private static Model model;

    /** The first keys and a window up to the query itself, or everything. */
    private record Back(int first, int last) implements Policy {
        @Override
        public PolicyInfo info() {
            return PolicyInfo.full(
                    "back",
                    "Back",
                    "nobody",
                    Phase.BOTH,
                    Unit.BAND,
                    "Keeps keys back.",
                    Parameter.whole("last", "Last keys.", 4, 1, 1000));
        }

        @Override
        public Planner start(Settings settings, PolicyRun run) {
            return (site, progress) ->
                    new Plan.Selected(last >= N ? Selection.dense() : Selection.band(first, last));
        }
    }

    @BeforeAll
    static void open() {
        model = OnnxModels.open(SharedFiles.miniLm(folder), ModelOptions.defaults(), Progress.NONE);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static List<Token> tokens() {
        return IntStream.range(0, N)
                .mapToObj(i -> new Token(i, 2000 + 37 * i, "t" + i, false))
                .toList();
    }

    private static boolean kept(int row, int key) {
        return key <= row && (key < FIRST || key > row - LAST);
    }

    private static SparseStudy study() {
        return new SparseStudy(model, SweepOptions.standard().withThreads(2), Optional::empty);
    }

    private static Assignment back(int first, int last) {
        return Assignment.everywhere(PolicyChoice.preset(new Back(first, last), N));
    }

    @Test
    void theWholeTextIsThePromptAndNothingIsForetold() {
        assertThat(SparseStudy.looksAhead(model)).isTrue();
        assertThat(SparseStudy.predicts(model)).isFalse();
        assertThat(SparseStudy.promptOf(model, N)).isEqualTo(N);
        assertThat(SparseStudy.promptOf(N)).isEqualTo(18);
    }

    @Test
    void whatIsKeptOfTheWholeMapIsWhatPlainLoopsSay() {
        SparseOptions options = new SparseOptions(true, false, Optional.empty());
        try (DenseRun dense = study().dense(tokens(), true, Progress.NONE)) {
            SparseResult result = study().run(dense, N, back(FIRST, LAST), options, Progress.NONE);
            assertThat(result.endToEnd()).isEmpty();
            assertThat(result.heads()).extracting(HeadFidelity::phase).containsOnly(Phase.PREFILL);
            double pairs = 0;
            for (int cell = 0; cell < N * N; cell++) {
                pairs += kept(cell / N, cell % N) ? 1 : 0;
            }
            assertThat(result.density()).isCloseTo(pairs / (N * N), within(1e-12));
            assertThat(result.degenerate()).isFalse();
            Capture capture = dense.capture().orElseThrow();
            int heads = capture.sites().getFirst().heads().size();
            for (int head = 0; head < heads; head++) {
                QkHead own = (QkHead) capture.sites().getFirst().heads().get(head);
                double kept = 0;
                double least = 1;
                double[][] map = TestMaps.map(own);
                for (int row = 0; row < N; row++) {
                    double sum = 0;
                    for (int key = 0; key < N; key++) {
                        sum += kept(row, key) ? map[row][key] : 0;
                    }
                    kept += sum / N;
                    least = Math.min(least, sum);
                }
                RecallShares recall = result.heads().get(head).recall();
                assertThat(recall.rows()).isEqualTo(N);
                assertThat(recall.mean()).isCloseTo(kept, within(1e-4));
                assertThat(recall.least()).isCloseTo(least, within(1e-4));
            }
        }
    }

    @Test
    void whatKeepsEverythingMissesNothing() {
        SparseOptions options = new SparseOptions(true, false, Optional.empty());
        try (DenseRun dense = study().dense(tokens(), true, Progress.NONE)) {
            SparseResult result = study().run(dense, N, back(0, N), options, Progress.NONE);
            assertThat(result.degenerate()).isTrue();
            assertThat(result.worstLayerError()).isLessThan(1e-5);
            QkHead own =
                    (QkHead) dense.capture().orElseThrow().sites().getFirst().heads().getFirst();
            KeptRows kept = new KeptRows(result.heads().getFirst().kept().stream().toList(), N);
            MaskPicture picture =
                    MaskPicture.of(own, kept, 1, SweepOptions.standard(), Progress.NONE);
            for (int cell = 0; cell < N * N; cell++) {
                assertThat(picture.cell(cell / N, cell % N, 0.01)).isEqualTo(MaskPicture.Cell.KEPT);
            }
        }
    }

    @Test
    void aPromptThatIsNotTheWholeTextIsRefused() {
        try (DenseRun dense = study().dense(tokens(), false, Progress.NONE)) {
            assertThatThrownBy(() ->
                            study().run(
                                            dense,
                                            N - 1,
                                            back(FIRST, LAST),
                                            SparseOptions.QUICK,
                                            Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            model.info().name()
                                    + " looks at later tokens too, as encoders do, so its text"
                                    + " cannot be split into a prompt of 19 tokens and a"
                                    + " continuation; take all 20 tokens as the prompt.");
        }
    }
}
