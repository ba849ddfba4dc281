package org.headlight.engine.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Maps in which NaN marks the keys that a query does not see. */
class NanMapTest {
    private static final float NAN = Float.NaN;

    @TempDir Path folder;

    /** Which keys a query sees. */
    private interface Sees {
        boolean key(int row, int col);
    }

    /** Rows of 1, 2, 3, ... over their sum where a query sees, NaN elsewhere. */
    private static float[] map(int rows, int cols, Sees sees) {
        float[] cells = new float[rows * cols];
        for (int row = 0; row < rows; row++) {
            float sum = 0;
            for (int col = 0; col < cols; col++) {
                sum += sees.key(row, col) ? col + 1 : 0;
            }
            for (int col = 0; col < cols; col++) {
                cells[row * cols + col] = sees.key(row, col) ? (col + 1) / sum : NAN;
            }
        }
        return cells;
    }

    private Path npy(int rows, int cols, float... cells) throws IOException {
        byte[] header =
                ("{'descr': '<f4', 'fortran_order': False, 'shape': ("
                                + rows
                                + ", "
                                + cols
                                + "), }\n")
                        .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + header.length + 4 * cells.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) header.length).put(header);
        for (float cell : cells) {
            bytes.putFloat(cell);
        }
        return Files.write(folder.resolve("map.npy"), bytes.array());
    }

    private Path safetensors(String metadata, String name, int rows, int cols, float... cells)
            throws IOException {
        String json =
                String.format(
                        java.util.Locale.ROOT,
                        "{%s\"%s\":{\"dtype\":\"F32\",\"shape\":[1,%d,%d],\"data_offsets\":[0,%d]}}",
                        metadata,
                        name,
                        rows,
                        cols,
                        4 * cells.length);
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + 4 * cells.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        for (float cell : cells) {
            bytes.putFloat(cell);
        }
        return Files.write(folder.resolve("map.safetensors"), bytes.array());
    }

    private static ProbabilityHead head(Capture capture) {
        return (ProbabilityHead) capture.sites().getFirst().heads().getFirst();
    }

    /** Reads a file and holds probabilities and mask against the cells, each by itself. */
    private void assertRead(Path file, float[] cells, Sees sees, boolean causal) {
        try (Capture capture = CaptureFiles.read(file, Progress.NONE)) {
            ProbabilityHead head = head(capture);
            assertHead(head, cells, sees, causal);
            Path again = folder.resolve("again.safetensors");
            CaptureFiles.write(capture, again, Progress.NONE);
            try (Capture copy = CaptureFiles.read(again, Progress.NONE)) {
                assertHead(head(copy), cells, sees, causal);
            }
        }
    }

    private static void assertHead(ProbabilityHead head, float[] cells, Sees sees, boolean causal) {
        int cols = head.cols();
        float[] read = new float[head.rows() * cols];
        head.p().copyRows(0, head.rows(), read, 0);
        AttentionMask mask = head.mask();
        for (int row = 0; row < head.rows(); row++) {
            for (int col = 0; col < cols; col++) {
                int i = row * cols + col;
                boolean seen = sees.key(row, col);
                if (read[i] != (seen ? cells[i] : 0) || mask.masked(row, col) == seen) {
                    throw new AssertionError(row + ", " + col + ": " + read[i]);
                }
            }
        }
        assertThat(mask.causal()).isEqualTo(causal);
        assertThat(mask.unbiased()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 65, 600})
    void nanAboveTheDiagonalIsACausalMask(int side) throws IOException {
        Sees sees = (row, col) -> col <= row;
        float[] cells = map(side, side, sees);
        assertRead(npy(side, side, cells), cells, sees, true);
    }

    @ParameterizedTest
    @CsvSource({"10, 64, 10", "1, 64, 10", "1, 64, 62", "4, 20, 16"})
    void theRowsOfAPartOfACausalMapKeepTheirPlace(int rows, int cols, int offset)
            throws IOException {
        Sees sees = (row, col) -> col <= row + offset;
        float[] cells = map(rows, cols, sees);
        assertRead(npy(rows, cols, cells), cells, sees, true);
    }

    @Test
    void nanOnBothSidesIsAWindow() throws IOException {
        Sees sees = (row, col) -> col <= row && col > row - 8;
        float[] cells = map(40, 40, sees);
        Path file = npy(40, 40, cells);
        assertRead(file, cells, sees, true);
        try (Capture capture = CaptureFiles.read(file, Progress.NONE)) {
            assertThat(head(capture).mask()).isEqualTo(AttentionMask.window(0, 8));
        }
    }

    @Test
    void nanInTheFirstColumnIsAKeyThatNoQuerySees() throws IOException {
        Sees causal = (row, col) -> col >= 1 && col <= row + 1;
        float[] cells = map(7, 8, causal);
        assertRead(npy(7, 8, cells), cells, causal, true);
        Sees padded = (row, col) -> col >= 1 && col < 6;
        float[] both = map(7, 8, padded);
        assertRead(npy(7, 8, both), both, padded, false);
    }

    @Test
    void zerosAboveTheDiagonalHideWhatNanDoesNot() throws IOException {
        Sees sees = (row, col) -> col >= 1 && col <= row + 1;
        float[] cells = map(7, 8, sees);
        float[] written = cells.clone();
        for (int i = 0; i < written.length; i++) {
            written[i] = Float.isNaN(written[i]) && i % 8 > 0 ? 0 : written[i];
        }
        assertRead(npy(7, 8, written), cells, sees, true);
    }

    @Test
    void ofOneTokenOneCellIsCausalAndOneRowOverMoreKeysIsNot() throws IOException {
        assertRead(npy(1, 1, 1), new float[] {1}, (row, col) -> true, true);
        float[] row = {0.25f, 0.75f, 0};
        assertRead(npy(1, 3, row), row, (r, c) -> true, false);
    }

    @Test
    void crossAttentionHasTheKeysThatNanLeaves() throws IOException {
        Sees sees = (row, col) -> col < 3;
        float[] cells = map(2, 4, sees);
        assertRead(safetensors("", "layers.0.cross.attn", 2, 4, cells), cells, sees, false);
    }

    private static void assertRefused(Path file, String sentence) {
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(file + sentence);
    }

    @Test
    void nanBetweenNumbersIsRefused() throws IOException {
        String rest =
                "; expected attention probabilities, from 0 to 1: save the attention after its"
                        + " softmax.";
        assertRefused(
                npy(2, 4, NAN, 1, NAN, NAN, 0.5f, NAN, 0.5f, NAN),
                ": the array [2, 4] has NaN at (1, 1)" + rest);
        assertRefused(
                safetensors("", "layers.0.attn", 1, 3, 0, NAN, 1),
                ": \"layers.0.attn\" [1, 1, 3] has NaN at (0, 0, 1)" + rest);
    }

    @Test
    void aRowOfNanAloneIsRefusedAsOneOfZerosIs() throws IOException {
        assertRefused(
                npy(2, 2, 1, NAN, NAN, NAN),
                ": the array [2, 2] has a row (1) of NaN alone, which says that its query sees no"
                        + " key; expected a sum of 1 in each row: leave such rows out.");
        assertRefused(
                npy(2, 2, 1, 0, 0, 0),
                ": the array [2, 2] has a row (1) that sums to 0; expected 1 in each row: save the"
                        + " attention after its softmax, without dropout.");
    }

    @Test
    void whatIsLeftOfARowSumsToOne() throws IOException {
        assertRefused(
                npy(2, 2, 1, NAN, 0.25f, NAN),
                ": the array [2, 2] has a row (1) that sums to 0.25; expected 1 in each row: save"
                        + " the attention after its softmax, without dropout.");
    }

    @Test
    void aCaptureThatKnowsItsMaskHasNoNan() throws IOException {
        Path good = npy(2, 2, 1, 0, 0.5f, 0.5f);
        Path file = folder.resolve("own.safetensors");
        try (Capture capture = CaptureFiles.read(good, Progress.NONE)) {
            CaptureFiles.write(capture, file, Progress.NONE);
        }
        byte[] bytes = Files.readAllBytes(file);
        byte[] one = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).array();
        byte[] nan = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(NAN).array();
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int at = 8 + header;
        while (!java.util.Arrays.equals(bytes, at, at + 4, one, 0, 4)) {
            at += 4;
        }
        System.arraycopy(nan, 0, bytes, at + 4, 4);
        Files.write(file, bytes);
        assertRefused(
                file,
                ": \"layers.0.attn\" [1, 2, 2] has NaN at (0, 0, 1); expected attention"
                        + " probabilities, from 0 to 1: save the attention after its softmax.");
    }
}
