package org.headlight.engine.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Files that NumPy 2.4 wrote. Weight (h, i, j) is 1 + (7 i + 3 j + h + s) mod 5 over its row's sum,
 * 0 above the diagonal of a causal map; s is 0 in the first layer and 1 in the second.
 */
class NumpyDumpTest {

    @TempDir Path folder;

    private static Path resource(String name) throws IOException {
        return Path.of(Objects.requireNonNull(NumpyDumpTest.class.getResource(name)).getPath());
    }

    private static double expected(int h, int i, int j, int rows, int cols, boolean causal, int s) {
        double sum = 0;
        for (int c = 0; c < cols; c++) {
            sum += causal && c > i + cols - rows ? 0 : 1 + (i * 7 + c * 3 + h + s) % 5;
        }
        return causal && j > i + cols - rows ? 0 : (1 + (i * 7 + j * 3 + h + s) % 5) / sum;
    }

    private static void assertMap(
            HeadAttention head, int h, boolean causal, int s, double tolerance) {
        float[] all = new float[head.rows() * head.cols()];
        ((ProbabilityHead) head).p().copyRows(0, head.rows(), all, 0);
        for (int i = 0; i < head.rows(); i++) {
            for (int j = 0; j < head.cols(); j++) {
                assertThat((double) all[i * head.cols() + j])
                        .as("(%d, %d, %d)", h, i, j)
                        .isCloseTo(
                                expected(h, i, j, head.rows(), head.cols(), causal, s),
                                org.assertj.core.data.Offset.offset(tolerance));
            }
        }
        assertThat(head.mask().causal()).isEqualTo(causal);
    }

    @ParameterizedTest
    @CsvSource({
        "causal-f4.npy,  1, 3, 5, 5, true,  1e-7",
        "full-f8.npy,    1, 1, 4, 6, false, 1e-7",
        "layers-f2.npy,  2, 2, 4, 4, true,  3e-4",
        "fortran-f4.npy, 1, 3, 5, 7, false, 1e-7",
        "v2-f4.npy,      1, 2, 3, 3, true,  1e-7",
        "v3-f4.npy,      1, 2, 3, 3, true,  1e-7",
        "stored.npz,     2, 2, 4, 4, true,  1e-7",
        "deflated.npz,   1, 2, 4, 4, true,  1e-7",
    })
    void readsEveryNumberOfEveryKindOfArray(
            String name, int sites, int heads, int rows, int cols, boolean causal, double tolerance)
            throws IOException {
        try (Capture capture = CaptureFiles.read(resource(name), Progress.NONE)) {
            assertThat(capture.sites()).hasSize(sites);
            for (int l = 0; l < sites; l++) {
                assertThat(capture.sites().get(l).heads()).hasSize(heads);
                for (int h = 0; h < heads; h++) {
                    HeadAttention head = capture.sites().get(l).heads().get(h);
                    assertThat(head.rows()).isEqualTo(rows);
                    assertThat(head.cols()).isEqualTo(cols);
                    assertMap(head, h, causal, l, tolerance);
                }
            }
        }
    }

    @Test
    void takesLayersByTheNumbersInTheirNames() throws IOException {
        try (Capture capture = CaptureFiles.read(resource("stored.npz"), Progress.NONE)) {
            assertThat(capture.sites()).extracting(s -> s.layer()).containsExactly(0, 2);
            assertThat(capture.sites().get(1).headName(1)).isEqualTo("L2H1");
        }
    }

    @Test
    void copiesARectangleOutOfAFortranArray() throws IOException {
        try (Capture capture = CaptureFiles.read(resource("fortran-f4.npy"), Progress.NONE)) {
            float[] target = new float[20];
            ProbabilityHead head = (ProbabilityHead) capture.sites().getFirst().heads().get(2);
            head.p().copy(1, 4, 2, 5, target, 1, 6);
            for (int r = 0; r < 3; r++) {
                for (int c = 0; c < 3; c++) {
                    assertThat((double) target[1 + r * 6 + c])
                            .isCloseTo(
                                    expected(2, 1 + r, 2 + c, 5, 7, false, 0),
                                    org.assertj.core.data.Offset.offset(1e-7));
                }
            }
        }
    }

    @Test
    void refusesPickledObjects() throws IOException {
        Path file = resource("pickled.npy");
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " holds pickled Python objects, which could run code and are"
                                + " never opened: save plain numbers with numpy.save(file,"
                                + " array.astype(\"float32\")).");
    }

    @Test
    void namesTheElementTypeThatItCannotRead() throws IOException {
        Path file = resource("int.npy");
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .hasMessage(
                        file
                                + " holds elements of type <i2; expected <f2, <f4 or <f8: save it"
                                + " with array.astype(\"float32\").");
    }

    /** A [2, 2, 3] array of uniform rows, with one number replaced. */
    private Path withNumber(int element, float value) throws IOException {
        Path file = folder.resolve("scores.npy");
        byte[] header =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 3), }\n"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + header.length + 48).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) header.length).put(header);
        for (int i = 0; i < 12; i++) {
            bytes.putFloat(i == element ? value : 1 / 3f);
        }
        Files.write(file, bytes.array());
        return file;
    }

    @Test
    void saysWhereANumberIsNotANumber() throws IOException {
        Path file = withNumber(10, Float.NaN);
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .hasMessage(
                        file
                                + ": the array [2, 2, 3] has NaN at (1, 1, 1); expected attention"
                                + " probabilities, from 0 to 1: save the attention after its"
                                + " softmax.");
    }

    @Test
    void saysWhereAProbabilityIsNegative() throws IOException {
        Path file = withNumber(3, -0.25f);
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .hasMessage(
                        file
                                + ": the array [2, 2, 3] has -0.25 at (0, 1, 0); expected attention"
                                + " probabilities, from 0 to 1: save the attention after its"
                                + " softmax.");
    }

    @Test
    void saysWhichRowDoesNotSumToOne() throws IOException {
        Path file = withNumber(6, 0.5f);
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .hasMessage(
                        file
                                + ": the array [2, 2, 3] has a row (1, 0) that sums to 1.16667;"
                                + " expected 1 in each row: save the attention after its softmax,"
                                + " without dropout.");
    }

    @Test
    void saysHowManyBytesATruncatedArrayLacks() throws IOException {
        Path file = withNumber(-1, 0);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 5));
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .hasMessage(
                        file
                                + " is truncated: its shape [2, 2, 3] needs 48 bytes and the file"
                                + " has 43; save it again.");
    }

    @Test
    void readsNothingAfterClose() throws IOException {
        Capture capture = CaptureFiles.read(resource("causal-f4.npy"), Progress.NONE);
        ProbabilityHead head = (ProbabilityHead) capture.sites().getFirst().heads().getFirst();
        capture.close();
        assertThatThrownBy(() -> head.p().copyRows(0, 1, new float[5], 0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(capture::sites).isInstanceOf(IllegalStateException.class);
    }
}
