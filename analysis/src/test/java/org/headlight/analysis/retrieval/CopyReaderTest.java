package org.headlight.analysis.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which tokens a head copied, against a reading of full rows in double. */
class CopyReaderTest {
    private static final int DEPTH = 4;

    private record Fixed(List<Token> tokens, int responseFrom, List<SiteCapture> sites)
            implements Capture {
        @Override
        public CaptureInfo info() {
            return new CaptureInfo("fixed", "", "", "", 0);
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static Capture capture(
            List<Token> tokens, int responseFrom, int layer, List<HeadAttention> heads) {
        SiteCapture site =
                new SiteCapture(layer, SiteKind.SELF, "softmax", heads, 1, DEPTH, tokens, tokens);
        return new Fixed(tokens, responseFrom, List.of(site));
    }

    private static List<Token> tokens(int... ids) {
        List<Token> tokens = new ArrayList<>();
        for (int id : ids) {
            tokens.add(new Token(tokens.size(), id, "t" + id, false));
        }
        return tokens;
    }

    /** Rows with their weight on one key each. */
    private static HeadAttention pointing(int n, int... keyOfRow) {
        float[] p = new float[n * n];
        for (int row = 0; row < n; row++) {
            p[row * n + (row < keyOfRow.length ? keyOfRow[row] : 0)] = 1;
        }
        return new ProbabilityHead(new ArrayMatrix(p, n, n), AttentionMask.causal(0));
    }

    private static List<Copy> copies(Capture capture, int start, int end, int topK) {
        List<HeadCopies> all = new CopyReader(topK).copies(capture, start, end, Progress.NONE);
        return all.isEmpty() ? List.of() : all.getFirst().copies();
    }

    /** n of m steps that point at the copied token give n / m. */
    @Test
    void aHeadThatPointsAtTheTokenInThreeOfFourStepsScoresThreeQuarters() {
        // needle 5 6 7 8 at 1 to 4, two more tokens, the response 5 6 7 8
        List<Token> tokens = tokens(1, 5, 6, 7, 8, 2, 3, 5, 6, 7, 8);
        // rows 6 to 9 write the response; that of 7 looks elsewhere
        HeadAttention head = pointing(11, 0, 0, 0, 0, 0, 0, 1, 2, 0, 4);
        Capture capture = capture(tokens, 7, 2, List.of(head));
        List<HeadCopies> all = new CopyReader(1).copies(capture, 1, 5, Progress.NONE);
        assertThat(all)
                .containsExactly(
                        new HeadCopies(
                                HeadAddress.self(2, 0),
                                List.of(
                                        new Copy(0, 1, 5, 1),
                                        new Copy(1, 2, 6, 1),
                                        new Copy(3, 4, 8, 1))));
        Trial trial = trial(all, 4, 1, 5);
        assertThat(trial.setScore(all.getFirst())).isEqualTo(0.75);
        assertThat(trial.countScore(all.getFirst())).isEqualTo(0.75);
    }

    @Test
    void aRepeatedTokenCountsOnceInTheSetAndEachTimeInTheCount() {
        // needle 5 6 at 1 and 2, the response 5 5 5 6
        List<Token> tokens = tokens(1, 5, 6, 2, 5, 5, 5, 6);
        HeadAttention head = pointing(8, 0, 0, 0, 1, 1, 1, 2);
        List<HeadCopies> all =
                new CopyReader(1).copies(capture(tokens, 4, 0, List.of(head)), 1, 3, Progress.NONE);
        Trial trial = trial(all, 2, 1, 3);
        assertThat(trial.setScore(all.getFirst())).isEqualTo(1);
        assertThat(trial.countScore(all.getFirst())).isEqualTo(2);
    }

    @Test
    void theSameTokenOutsideTheNeedleIsNoCopy() {
        List<Token> tokens = tokens(5, 5, 6, 2, 5, 6);
        assertThat(copies(capture(tokens, 4, 0, List.of(pointing(6, 0, 0, 0, 0, 2))), 1, 3, 1))
                .containsExactly(new Copy(1, 2, 6, 1));
    }

    @Test
    void anotherTokenOfTheNeedleIsNoCopy() {
        List<Token> tokens = tokens(1, 5, 6, 2, 5, 6);
        assertThat(copies(capture(tokens, 4, 0, List.of(pointing(6, 0, 0, 0, 2, 1))), 1, 3, 1))
                .isEmpty();
    }

    @Test
    void aNeedleOutsideTheWindowOfAHeadScoresNothing() {
        int[] ids = new int[40];
        List<Token> text = tokens(ids);
        Matrix same = random(new Random(5), 40);
        List<HeadAttention> heads =
                List.of(new QkHead(same, same, null, 1, AttentionMask.window(0, 8)));
        assertThat(copies(capture(text, 30, 0, heads), 0, 20, 8)).isEmpty();
        assertThat(copies(capture(text, 30, 0, heads), 0, 30, 8)).isNotEmpty();
    }

    private static Trial trial(List<HeadCopies> copies, int ids, int start, int end) {
        return new Trial(
                "n", 9, 50, 9, start, end, ids, List.of(1), "", "newline", 1, List.of(), copies);
    }

    private static Matrix random(Random random, int rows) {
        float[] values = new float[rows * DEPTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new ArrayMatrix(values, rows, DEPTH);
    }

    private static float at(Matrix matrix, int row, int col) {
        float[] cell = new float[1];
        matrix.copy(row, row + 1, col, col + 1, cell, 0, 1);
        return cell[0];
    }

    /** The row's probabilities in double, written out. */
    private static double[] naive(QkHead head, int row) {
        double[] p = new double[head.cols()];
        double sum = 0;
        for (int key = head.mask().firstKey(row); key < head.mask().endKey(row); key++) {
            double dot = 0;
            for (int d = 0; d < DEPTH; d++) {
                dot += (double) at(head.q(), row, d) * at(head.k(), key, d);
            }
            double cap = head.softcap();
            double score = dot * head.scale();
            p[key] = Math.exp(cap > 0 ? cap * Math.tanh(score / cap) : score);
            sum += p[key];
        }
        for (int key = 0; key < p.length; key++) {
            p[key] /= sum;
        }
        return p;
    }

    /** The step rule on full rows, by sorting all keys. */
    private static List<Copy> naive(
            QkHead head, List<Token> tokens, int from, int start, int end, int topK) {
        List<Copy> copies = new ArrayList<>();
        for (int written = from; written < tokens.size(); written++) {
            double[] p = naive(head, written - 1);
            List<Integer> keys = new ArrayList<>();
            for (int key = 0; key < p.length; key++) {
                if (p[key] > 0) {
                    keys.add(key);
                }
            }
            keys.sort((a, b) -> Double.compare(p[b], p[a]));
            for (int key : keys.subList(0, Math.min(topK, keys.size()))) {
                if (key >= start && key < end && tokens.get(key).id() == tokens.get(written).id()) {
                    copies.add(new Copy(written - from, key, tokens.get(written).id(), p[key]));
                    break;
                }
            }
        }
        return copies;
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, 1, 0",
        "63, 1, 1, 0",
        "64, 5, 1, 0",
        "65, 64, 3, 0",
        "130, 66, 1, 0",
        "200, 130, 5, 0",
        "65, 30, 3, 12",
        "150, 75, 2, 20"
    })
    void aRandomHeadCopiesWhatFullRowsSay(int tokens, int from, int topK, int window) {
        Random random = new Random(31L * tokens + from);
        int[] ids = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            ids[i] = random.nextInt(3);
        }
        List<Token> text = tokens(ids);
        Matrix keys = random(random, tokens);
        AttentionMask mask =
                window == 0 ? AttentionMask.causal(0) : AttentionMask.window(0, window);
        List<HeadAttention> heads = new ArrayList<>();
        for (int h = 0; h < 3; h++) {
            float cap = h == 2 ? 0.7f : 0;
            heads.add(
                    new QkHead(
                            random(random, tokens),
                            keys,
                            null,
                            0.8f,
                            mask,
                            cap,
                            h == 1 ? 0.5f : QkHead.NO_SINK));
        }
        int end = window > 0 ? from : Math.max(1, from * 2 / 3);
        List<HeadCopies> found =
                new CopyReader(topK).copies(capture(text, from, 1, heads), 0, end, Progress.NONE);
        int total = 0;
        for (int h = 0; h < 3; h++) {
            HeadAddress address = HeadAddress.self(1, h);
            List<Copy> got =
                    found.stream()
                            .filter(c -> c.head().equals(address))
                            .map(HeadCopies::copies)
                            .findFirst()
                            .orElse(List.of());
            QkHead head = (QkHead) heads.get(h);
            List<Copy> wanted = naive(head, text, from, 0, end, topK);
            assertThat(got.stream().map(c -> c.step() + " " + c.position() + " " + c.id()))
                    .containsExactlyElementsOf(
                            wanted.stream()
                                    .map(c -> c.step() + " " + c.position() + " " + c.id())
                                    .toList());
            for (int i = 0; h != 1 && i < got.size(); i++) {
                assertThat(got.get(i).weight()).isCloseTo(wanted.get(i).weight(), within(1e-5));
            }
            total += got.size();
        }
        assertThat(tokens <= 2 || total > 0).isTrue();
    }
}
