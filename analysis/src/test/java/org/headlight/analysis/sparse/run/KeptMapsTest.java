package org.headlight.analysis.sparse.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.sweep.RowBlock;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepConsumer;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Random;

/** The sparse map and the picture of the mask, against plain loops over doubles. */
class KeptMapsTest {
    private static final int WIDTH = 5;
    private static final SweepOptions SWEEP = SweepOptions.standard().withThreads(2);

    private final Random random = new Random(7);

    private ArrayMatrix rows(int n) {
        float[] values = new float[n * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * 2;
        }
        return new ArrayMatrix(values, n, WIDTH);
    }

    private static float at(ArrayMatrix matrix, int row, int col) {
        float[] target = new float[WIDTH];
        matrix.copyRows(row, row + 1, target, 0);
        return target[col];
    }

    /** Softmax over the keys that are seen and kept; 0 elsewhere. */
    private static double[][] softmax(QkHead head, KeptRows kept) {
        int n = head.rows();
        double[][] p = new double[n][n];
        for (int row = 0; row < n; row++) {
            boolean[] in = kept(kept, row, n);
            double sum = 0;
            for (int key = 0; key <= row; key++) {
                double score = 0;
                for (int d = 0; d < WIDTH; d++) {
                    score +=
                            (double) at((ArrayMatrix) head.q(), row, d)
                                    * at((ArrayMatrix) head.k(), key, d);
                }
                p[row][key] = in[key] ? Math.exp(score * head.scale()) : 0;
                sum += p[row][key];
            }
            for (int key = 0; key <= row; key++) {
                p[row][key] /= sum;
            }
        }
        return p;
    }

    private static boolean[] kept(KeptRows kept, int row, int n) {
        boolean[] in = new boolean[n];
        kept.runs(
                row,
                (start, end) -> {
                    for (int key = start; key < end; key++) {
                        in[key] = true;
                    }
                });
        return in;
    }

    /** The whole map, by the sweep. */
    private static double[][] swept(QkHead head) {
        int n = head.rows();
        double[][] p = new double[n][n];
        SweepConsumer reader =
                new SweepConsumer() {
                    @Override
                    public Worker worker() {
                        return block -> {
                            for (int lane = 0; lane < block.count; lane++) {
                                for (int key = block.key0; key < block.key1; key++) {
                                    p[block.row0 + lane][key] =
                                            block.p[(key - block.key0) * RowBlock.LANES + lane];
                                }
                            }
                        };
                    }

                    @Override
                    public void finish() {
                        // Workers write at once.
                    }
                };
        Sweep.run(head, List.of(reader), SWEEP, Progress.NONE);
        return p;
    }

    /** A band in the prefill, single keys in decoding. */
    private static KeptRows kept(int n, int prompt) {
        Selection.Shape early = new Selection.Shape(1, 1, prompt, prompt);
        Selection.Shape late = new Selection.Shape(1, 1, n - prompt, n);
        return new KeptRows(
                List.of(
                        new KeptMap(Selection.band(2, 9), early, 0),
                        new KeptMap(Selection.band(1, 3), late, prompt)),
                n);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "63,40", "64,64", "65,64", "200,130"})
    void theSparseMapIsTheSoftmaxOverTheKeptKeys(int n, int prompt) {
        QkHead head = new QkHead(rows(n), rows(n), null, 0.3f, AttentionMask.causal(0));
        KeptRows kept = kept(n, prompt);
        double[][] truth = softmax(head, kept);
        for (boolean zeros : new boolean[] {true, false}) {
            QkHead sparse = KeptMask.over(head, kept, zeros);
            double[][] map = swept(sparse);
            for (int row = 0; row < n; row++) {
                boolean[] in = kept(kept, row, n);
                for (int key = 0; key <= row; key++) {
                    assertThat(map[row][key]).isCloseTo(truth[row][key], within(1e-5));
                    assertThat(sparse.mask().masked(row, key)).isEqualTo(!in[key] && !zeros);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"200,1", "330,8", "257,1", "450,64"})
    void wholeBlocksAreDrawnAsBlocks(int n, int side) {
        QkHead head = new QkHead(rows(n), rows(n), null, 0.3f, AttentionMask.causal(0));
        Selection.Shape shape = new Selection.Shape(1, 1, n, n);
        int blocks = (n + 63) / 64;
        int[] starts = new int[blocks + 1];
        int[] columns = new int[2 * blocks - 1];
        for (int block = 0; block < blocks; block++) {
            starts[block + 1] = 2 * block + 1;
            columns[2 * block] = block;
            if (block > 0) {
                columns[2 * block - 1] = 0;
            }
        }
        Selection chosen = BlockCsr.of(64, List.of(starts), List.of(columns));
        KeptRows kept = new KeptRows(List.of(new KeptMap(chosen, shape, 0)), n);
        MaskPicture fine = MaskPicture.of(head, kept, side, SWEEP, Progress.NONE);
        MaskPicture coarse = fine.coarsest(256);
        assertThat(coarse.side()).isEqualTo(64);
        MaskPicture direct = MaskPicture.of(head, kept, coarse.side(), SWEEP, Progress.NONE);
        for (int row = 0; row < coarse.rows(); row++) {
            for (int col = 0; col < coarse.cols(); col++) {
                assertThat(coarse.cell(row, col, 0.01)).isEqualTo(direct.cell(row, col, 0.01));
                assertThat(coarse.lost(row, col)).isCloseTo(direct.lost(row, col), within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "63,40,4", "65,64,8", "200,130,1", "200,200,16", "200,130,128"})
    void thePictureKnowsWhatIsKeptAndWhatIsMissed(int n, int prompt, int side) {
        QkHead head = new QkHead(rows(n), rows(n), null, 0.3f, AttentionMask.causal(0));
        KeptRows kept = kept(n, prompt);
        double[][] dense = softmax(head, new KeptRows(List.of(), n));
        MaskPicture picture = MaskPicture.of(head, kept, side, SWEEP, Progress.NONE);
        assertThat(picture.rows()).isEqualTo((n + side - 1) / side);
        double all = 0;
        for (int r = 0; r < picture.rows(); r++) {
            int count = Math.min(side, n - r * side);
            for (int c = 0; c < picture.cols(); c++) {
                boolean seen = false;
                boolean any = false;
                double lost = 0;
                for (int row = r * side; row < r * side + count; row++) {
                    boolean[] in = kept(kept, row, n);
                    for (int key = c * side; key < Math.min(row + 1, (c + 1) * side); key++) {
                        seen = true;
                        any |= in[key];
                        lost += in[key] ? 0 : dense[row][key];
                    }
                }
                all += lost;
                assertThat(picture.lost(r, c)).isCloseTo(lost / count, within(1e-5));
                MaskPicture.Cell expected =
                        lost / count >= 0.05 ? MaskPicture.Cell.MISSED : MaskPicture.Cell.SKIPPED;
                expected = any ? MaskPicture.Cell.KEPT : expected;
                expected = seen ? expected : MaskPicture.Cell.NONE;
                assertThat(picture.cell(r, c, 0.05)).as("%d, %d", r, c).isEqualTo(expected);
            }
        }
        assertThat(picture.lost()).isCloseTo(all / n, within(1e-5));
        assertThat(picture.coarsest(256).side()).isGreaterThanOrEqualTo(side);
        assertThat(MaskPicture.sideFor(n, 64)).isEqualTo(n > 128 ? 4 : n > 64 ? 2 : 1);
    }
}
