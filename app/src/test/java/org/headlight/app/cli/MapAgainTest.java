package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.dump.CaptureFiles;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A map that {@code map} wrote as {@code .npy} opens again as what it was. */
class MapAgainTest {
    private static final String TEXT = "one two three one two three one two";

    @TempDir private Path folder;

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static void succeed(String... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }

    private static float[] all(Matrix matrix) {
        float[] cells = new float[matrix.rows() * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), cells, 0);
        return cells;
    }

    /** Causal softmax in double of one row of queries and keys. */
    private static double[] softmax(QkHead head, int row) {
        float[] q = all(head.q());
        float[] k = all(head.k());
        int width = head.q().cols();
        double[] p = new double[head.cols()];
        double sum = 0;
        for (int col = 0; col <= row; col++) {
            double dot = 0;
            for (int d = 0; d < width; d++) {
                dot += (double) q[row * width + d] * k[col * width + d];
            }
            p[col] = Math.exp(dot * head.scale());
            sum += p[col];
        }
        for (int col = 0; col <= row; col++) {
            p[col] /= sum;
        }
        return p;
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,4", "3,2"})
    void everyCellIsTheCapturesOwnProbability(int layer, int index) {
        String capture = file("c.safetensors");
        succeed("capture", "demo", "--text", TEXT, "--out", capture);
        String map = file("a.npy");
        succeed("map", "demo", "--text", TEXT, "--head", "L" + layer + "H" + index, "--out", map);
        try (Capture own = CaptureFiles.read(Path.of(capture), Progress.NONE);
                Capture read = CaptureFiles.read(Path.of(map), Progress.NONE)) {
            QkHead factors = (QkHead) own.sites().get(layer).heads().get(index);
            ProbabilityHead head = (ProbabilityHead) read.sites().getFirst().heads().getFirst();
            assertThat(head.rows()).isEqualTo(factors.rows());
            assertThat(head.cols()).isEqualTo(factors.cols());
            assertThat(head.mask()).isEqualTo(factors.mask());
            assertThat(head.mask().causal()).isTrue();
            float[] cells = all(head.p());
            for (int row = 0; row < head.rows(); row++) {
                double[] expected = softmax(factors, row);
                for (int col = 0; col < head.cols(); col++) {
                    assertThat((double) cells[row * head.cols() + col])
                            .as("(%d, %d)", row, col)
                            .isCloseTo(expected[col], org.assertj.core.data.Offset.offset(1e-5));
                }
            }
        }
    }

    /** NaN says again which cells there are: the second map is the first, bit for bit. */
    @Test
    void aMapOfTheMapIsTheSameFile() throws IOException {
        succeed("map", "demo", "--text", TEXT, "--head", "L1H4", "--out", file("a.npy"));
        succeed("map", file("a.npy"), "--layer", "0", "--head", "0", "--out", file("b.npy"));
        assertThat(Files.readAllBytes(folder.resolve("b.npy")))
                .isEqualTo(Files.readAllBytes(folder.resolve("a.npy")));
    }

    @Test
    void headsOfTheMapAreTheHeadOfTheModel() {
        succeed("map", "demo", "--text", TEXT, "--head", "L1H4", "--out", file("a.npy"));
        JsonObject again = head(CommandRun.of("heads", file("a.npy"), "--json"), "L0H0");
        JsonObject own = head(CommandRun.of("heads", "demo", "--text", TEXT, "--json"), "L1H4");
        for (String measure : new String[] {"entropy", "meanDistance", "received0"}) {
            assertThat(again.get(measure).getAsDouble())
                    .as(measure)
                    .isCloseTo(
                            own.get(measure).getAsDouble(),
                            org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    private static JsonObject head(CommandRun run, String name) {
        JsonArray heads = run.json().getAsJsonArray("heads");
        for (JsonElement head : heads) {
            if (head.getAsJsonObject().get("name").getAsString().equals(name)) {
                return head.getAsJsonObject();
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void aMapWithoutItsSinkOpensFromTheSecondRowOn() {
        String[] map = {"map", "demo", "--tokens", "1,5,6,7", "--head", "L0H0", "--drop-sink"};
        String whole = file("whole.npy");
        succeed(with(map, "--out", whole));
        CommandRun.of("heads", whole)
                .assertFailed(
                        3,
                        whole
                                + ": the array [4, 4] has a row (0) of NaN alone, which says that"
                                + " its query sees no key; expected a sum of 1 in each row: leave"
                                + " such rows out.");
        String part = file("part.npy");
        succeed(with(map, "--rows", "1:4", "--out", part));
        try (Capture read = CaptureFiles.read(Path.of(part), Progress.NONE)) {
            ProbabilityHead head = (ProbabilityHead) read.sites().getFirst().heads().getFirst();
            for (int row = 0; row < 3; row++) {
                assertThat(head.mask().firstKey(row)).isEqualTo(1);
                assertThat(head.mask().endKey(row)).isEqualTo(row + 2);
            }
        }
    }

    private static String[] with(String[] words, String... more) {
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    @Test
    void theHelpSaysWhatIsNan() {
        assertThat(CommandRun.of("map", "--help").out().replaceAll("\\s+", " "))
                .contains("Keys that a query does not see, and dropped ones, are NaN in .npy");
    }
}
