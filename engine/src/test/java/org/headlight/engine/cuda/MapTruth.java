package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.Visibility;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Maps that are pooled by our CUDA source against double precision, wherever it runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MapTruth {
    private static final double CLOSE = 1e-5;

    /** Below it, float scores of a hundred have lost the digits. */
    private static final double TINY = 1e-30;

    private CudaMaps maps;

    /** How close probabilities are, as a part of them. */
    private double close;

    abstract GpuDriver driver(Path folder);

    abstract KernelCompiler compiler(Path folder) throws IOException;

    /** Lets the device go about its work in another order, of 0 to 3, if it can. */
    abstract void mode(int order);

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        maps = new CudaMaps(driver(folder), compiler(folder), 0);
    }

    @AfterAll
    void close() {
        if (maps != null) {
            maps.close();
        }
    }

    /** A map by its definition, in double: NaN where a cell does not exist. */
    private static final class Definition {
        final double[][] p;
        final double least;
        final double dropped;

        Definition(QkHead head, Set<Integer> excluded) {
            int depth = head.q().cols();
            float[] q = new float[head.rows() * depth];
            float[] k = new float[head.cols() * depth];
            head.q().copyRows(0, head.rows(), q, 0);
            head.k().copyRows(0, head.cols(), k, 0);
            p = new double[head.rows()][head.cols()];
            double smallest = Double.POSITIVE_INFINITY;
            double lostShares = 0;
            for (int row = 0; row < head.rows(); row++) {
                double kept = 0;
                double lost = 0;
                for (int key = 0; key < head.cols(); key++) {
                    double e = Math.exp(score(head, q, row * depth, k, key * depth));
                    AttentionMask mask = head.mask();
                    boolean seen = key >= mask.firstKey(row) && key < mask.endKey(row);
                    boolean left = excluded.contains(key);
                    kept += seen && !left ? e : 0;
                    lost += seen && left ? e : 0;
                    p[row][key] = seen && !left ? e : Double.NaN;
                }
                double all = kept + Math.exp(head.sink());
                for (int key = 0; key < head.cols(); key++) {
                    p[row][key] /= all;
                    smallest = p[row][key] > 0 ? Math.min(smallest, p[row][key]) : smallest;
                }
                lostShares += lost == 0 ? 0 : lost / (lost + all);
            }
            least = smallest;
            dropped = lostShares / head.rows();
        }

        private static double score(QkHead head, float[] q, int query, float[] k, int key) {
            double dot = 0;
            for (int i = 0; i < head.q().cols(); i++) {
                dot += (double) q[query + i] * k[key + i];
            }
            double cap = head.softcap();
            double scaled = dot * head.scale();
            return cap > 0 ? cap * Math.tanh(scaled / cap) : scaled;
        }
    }

    private static QkHead head(AttentionMask mask, int n, int m, int depth, double size) {
        Random random = new Random(n * 1000L + m * 10L + depth);
        float[] q = new float[n * depth];
        float[] k = new float[m * depth];
        for (int i = 0; i < q.length; i++) {
            q[i] = (float) (size * random.nextGaussian());
        }
        for (int i = 0; i < k.length; i++) {
            k[i] = (float) random.nextGaussian();
        }
        return new QkHead(
                new ArrayMatrix(q, n, depth),
                new ArrayMatrix(k, m, depth),
                null,
                (float) (1 / Math.sqrt(depth)),
                mask);
    }

    private static AttentionMask mask(String kind, int n, int m) {
        return switch (kind) {
            case "causal" -> AttentionMask.causal(m - n);
            case "window" -> AttentionMask.window(m - n, 37);
            case "late" -> AttentionMask.causal(m - n - n / 2);
            default -> AttentionMask.full(m);
        };
    }

    private void check(QkHead head, Set<Integer> excluded, int level) {
        check(head, excluded, level, CLOSE);
    }

    private void check(QkHead head, Set<Integer> excluded, int level, double near) {
        close = near;
        mode(head.rows() + level & 3);
        Visibility visibility = new Visibility(head, excluded);
        PixelRows pixels = new PixelRows(visibility, level);
        PooledMap map = maps.pool(head, visibility, pixels, Progress.NONE);
        Definition truth = new Definition(head, excluded);
        for (int y = 0; y < pixels.rows(); y++) {
            assertThat(map.max()[y]).hasSize(pixels.length(y));
            assertThat(map.sum()[y]).hasSize(pixels.length(y));
            for (int x = 0; x <= (head.cols() - 1) >> level; x++) {
                checkPixel(head, map, pixels, truth, y, x);
            }
        }
        if (truth.least > TINY) {
            assertThat((double) map.least())
                    .isCloseTo(truth.least, within(10 * close * truth.least));
        } else {
            assertThat((double) map.least()).isPositive().isLessThan(2 * TINY);
        }
        assertThat(map.dropped()).isCloseTo(truth.dropped, within(CLOSE));
        checkCells(head, excluded, map, truth);
    }

    private void checkPixel(
            QkHead head, PooledMap map, PixelRows pixels, Definition truth, int y, int x) {
        double max = 0;
        double sum = 0;
        int level = pixels.level();
        for (int row = y << level; row < Math.min(head.rows(), (y + 1) << level); row++) {
            for (int key = x << level; key < Math.min(head.cols(), (x + 1) << level); key++) {
                double p = truth.p[row][key];
                max = p > max ? p : max;
                sum += p > 0 ? p : 0;
            }
        }
        int at = x - pixels.start(y);
        boolean there = at >= 0 && at < pixels.length(y);
        close("max", y, x, there ? map.max()[y][at] : 0, max);
        close("sum", y, x, there ? map.sum()[y][at] : 0, sum);
    }

    private void close(String what, int y, int x, float value, double truth) {
        if (!(Math.abs(value - truth) <= close * truth + TINY)) {
            assertThat((double) value).as("%s of %d, %d", what, y, x).isEqualTo(truth);
        }
    }

    /** Finer tiles that the processor computes with what the device found of rows. */
    private void checkCells(QkHead head, Set<Integer> excluded, PooledMap map, Definition truth) {
        HeadReader reader = new HeadReader(head, excluded, KernelProvider.scalar());
        reader.learn(map);
        float[] cells = new float[head.rows() * head.cols()];
        reader.probabilities(0, head.rows(), 0, head.cols(), cells, 0, head.cols());
        for (int row = 0; row < head.rows(); row++) {
            for (int key = 0; key < head.cols(); key++) {
                float cell = cells[row * head.cols() + key];
                double p = truth.p[row][key];
                if (Double.isNaN(p)) {
                    assertThat(cell).isNaN();
                } else {
                    close("cell", row, key, cell, p);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 64, full",
        "2, 2, 20, causal",
        "63, 63, 64, causal",
        "64, 64, 16, window",
        "65, 65, 128, causal",
        "127, 129, 33, causal",
        "300, 300, 64, causal",
        "300, 300, 20, window",
        "70, 300, 64, causal",
        "300, 70, 64, full",
        "130, 130, 64, late",
        "260, 40, 64, causal"
    })
    void pixelsOfEverySizePoolTheSoftmaxOfTheDefinition(int n, int m, int depth, String kind) {
        QkHead head = head(mask(kind, n, m), n, m, depth, 3);
        for (int level = 0; level <= 9; level++) {
            check(head, Set.of(), level);
        }
    }

    @Test
    void manyTilesInARow() {
        check(head(AttentionMask.causal(0), 1000, 1000, 64, 2), Set.of(), 4);
        check(head(AttentionMask.full(1500), 40, 1500, 64, 2), Set.of(), 8);
    }

    /** The emulator's launches have 8 blocks of threads. */
    @ParameterizedTest
    @CsvSource({"1", "3", "7", "8"})
    void moreRowsThanALaunchTakes(int level) {
        check(head(AttentionMask.causal(-1100), 2500, 200, 16, 3), Set.of(5), level);
    }

    @ParameterizedTest
    @CsvSource({"causal, 1", "causal, 4", "window, 3", "full, 8"})
    void keysThatAreDroppedAreLeftOutAndTheirShareIsTold(String kind, int level) {
        QkHead head = head(mask(kind, 200, 200), 200, 200, 64, 3);
        check(head, Set.of(0), level);
        check(head, Set.of(0, 31, 32, 127, 128, 199, 5000), level);
    }

    @Test
    void softCapAndSinkCount() {
        QkHead plain = head(AttentionMask.causal(0), 150, 150, 64, 20);
        for (float sink : new float[] {2, QkHead.NO_SINK, 60}) {
            QkHead head =
                    new QkHead(plain.q(), plain.k(), null, plain.scale(), plain.mask(), 5, sink);
            // The processor's tangent is off by 4e-7 of the cap.
            check(head, Set.of(), 3, 3e-5);
            check(head, Set.of(0, 1, 2, 77), 2, 3e-5);
        }
    }

    @Test
    void rowsThatSeeNothingHaveNoPixels() {
        QkHead head = head(AttentionMask.causal(-200), 300, 300, 64, 3);
        Visibility visibility = new Visibility(head, Set.of());
        PixelRows pixels = new PixelRows(visibility, 2);
        PooledMap map = maps.pool(head, visibility, pixels, Progress.NONE);
        assertThat(map.max()[49]).isEmpty();
        assertThat(map.max()[50]).hasSize(1);
        check(head, Set.of(), 2);
        QkHead blind = head(AttentionMask.causal(-300), 300, 300, 64, 3);
        visibility = new Visibility(blind, Set.of());
        map = maps.pool(blind, visibility, new PixelRows(visibility, 5), Progress.NONE);
        assertThat(map.least()).isEqualTo(Float.POSITIVE_INFINITY);
        for (float[] row : map.max()) {
            assertThat(row).isEmpty();
        }
    }

    @Test
    void scoresOfHundredsStayInRange() {
        check(head(AttentionMask.causal(0), 140, 140, 64, 60), Set.of(), 3, 2e-4);
    }

    /** Hundreds of equal numbers are added to a row's sum, each rounded the same way. */
    @Test
    void sumsOfLongRowsKeepTheirDigits() {
        int keys = 60_000;
        int width = 16;
        float[] k = new float[keys * width];
        for (int key = 0; key < keys; key++) {
            k[key * width] = key == 0 ? 1 : -0.3f;
        }
        QkHead head =
                new QkHead(
                        new ArrayMatrix(Arrays.copyOf(k, 3 * width), 3, width),
                        new ArrayMatrix(k, keys, width),
                        null,
                        1,
                        AttentionMask.full(keys));
        check(head, Set.of(), 9, 1e-6);
    }

    @Test
    void sumsComeOutTheSameEveryTime() {
        QkHead head = head(AttentionMask.causal(0), 700, 700, 64, 3);
        Visibility visibility = new Visibility(head, Set.of());
        for (int level : List.of(2, 5, 9)) {
            PixelRows pixels = new PixelRows(visibility, level);
            PooledMap once = maps.pool(head, visibility, pixels, Progress.NONE);
            mode(2);
            PooledMap again = maps.pool(head, visibility, pixels, Progress.NONE);
            mode(0);
            assertThat(again.sum()).isDeepEqualTo(once.sum());
        }
    }
}
