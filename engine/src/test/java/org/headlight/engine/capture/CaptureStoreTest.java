package org.headlight.engine.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.matrix.SegmentMatrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

class CaptureStoreTest {

    private static long files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(f -> f.getFileName().toString().startsWith("headlight-capture-"))
                    .count();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 20})
    void matricesInMemoryAndInAMappedFileReadBackWhatWasWritten(long mapAbove) throws IOException {
        long before = files();
        try (CaptureStore store =
                CaptureStore.create(CaptureStore.padded(15) + CaptureStore.padded(6), mapAbove)) {
            Matrix a = matrix(store, 5, 3, 100);
            Matrix b = matrix(store, 2, 3, 500);
            float[] part = new float[6];
            a.copy(1, 3, 1, 3, part, 0, 3);
            float[] whole = new float[7];
            b.copyRows(0, 2, whole, 1);

            assertThat(store.mapped()).isEqualTo(mapAbove == 0);
            assertThat(files()).as("files that an end by force would leave").isEqualTo(before);
            assertThat(part).containsExactly(104, 105, 0, 107, 108, 0);
            assertThat(whole).containsExactly(0, 500, 501, 502, 503, 504, 505);
            assertThatThrownBy(() -> a.copyRows(4, 6, new float[6], 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(files()).isLessThanOrEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 20})
    void readingAfterCloseIsAnError(long mapAbove) {
        CaptureStore store = CaptureStore.create(CaptureStore.padded(6), mapAbove);
        Matrix matrix = matrix(store, 2, 3, 0);
        store.close();
        store.close();

        assertThatThrownBy(() -> matrix.copyRows(0, 1, new float[3], 0))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Matrix matrix(CaptureStore store, int rows, int cols, int from) {
        MemorySegment cells = store.floats((long) rows * cols);
        for (int i = 0; i < rows * cols; i++) {
            cells.setAtIndex(ValueLayout.JAVA_FLOAT, i, from + i);
        }
        return new SegmentMatrix(cells, rows, cols);
    }
}
