package org.headlight.viz.export;

import org.headlight.engine.task.Progress;
import org.headlight.engine.task.WholeFile;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.AttentionMap;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the exact cells of a range as numbers, a band of rows at a time, so that the memory needed
 * does not grow with the range. The file appears only when it is whole.
 */
public final class CellsWriter {
    /** Cells held at once. */
    private static final int BAND_CELLS = 1 << 20;

    private static final int NPY_ALIGN = 64;

    /** What is done with a row. */
    private interface RowSink {
        void row(int row, float[] cells, int offset) throws IOException;
    }

    /**
     * NumPy's format, version 1.0: little-endian float32, C order, [rows, cols]; NaN where masked.
     *
     * @throws org.headlight.engine.problem.BadInputException when the file cannot be written
     */
    public void npy(AttentionMap map, MapRange range, Path target, Progress progress) {
        range.checked(map);
        WholeFile.write(
                target,
                out -> {
                    writeFully(out, ByteBuffer.wrap(npyHeader(range)));
                    ByteBuffer line =
                            ByteBuffer.allocate(range.cols() * Float.BYTES)
                                    .order(ByteOrder.LITTLE_ENDIAN);
                    rows(
                            map,
                            range,
                            progress,
                            (row, cells, offset) -> {
                                line.clear();
                                line.asFloatBuffer().put(cells, offset, range.cols());
                                writeFully(out, line);
                            });
                });
    }

    /**
     * Comma-separated values: a line of key positions, a line of key tokens, then one line a query:
     * its position, its token, its cells; empty where masked. Numbers read back to the same
     * float32.
     *
     * @param queryTokens tokens of the rows; empty when unknown
     * @param keyTokens tokens of the columns; empty when unknown
     */
    public void csv(
            AttentionMap map,
            MapRange range,
            List<Token> queryTokens,
            List<Token> keyTokens,
            Path target,
            Progress progress) {
        range.checked(map);
        WholeFile.write(
                target,
                channel -> {
                    Writer out =
                            new BufferedWriter(
                                    new java.io.OutputStreamWriter(
                                            Channels.newOutputStream(channel),
                                            StandardCharsets.UTF_8));
                    out.write("query,token");
                    for (int col = range.col0(); col < range.col1(); col++) {
                        out.write("," + col);
                    }
                    out.write("\n,");
                    for (int col = range.col0(); col < range.col1(); col++) {
                        out.write("," + quoted(keyTokens, col));
                    }
                    out.write('\n');
                    rows(
                            map,
                            range,
                            progress,
                            (row, cells, offset) -> {
                                out.write(row + "," + quoted(queryTokens, row));
                                for (int i = 0; i < range.cols(); i++) {
                                    float value = cells[offset + i];
                                    out.write(',');
                                    if (!Float.isNaN(value)) {
                                        out.write(Float.toString(value));
                                    }
                                }
                                out.write('\n');
                            });
                    out.flush();
                });
    }

    private static void rows(AttentionMap map, MapRange range, Progress progress, RowSink sink)
            throws IOException {
        int band = Math.max(1, BAND_CELLS / range.cols());
        for (int row0 = range.row0(); row0 < range.row1(); row0 += band) {
            progress.check();
            progress.at((double) (row0 - range.row0()) / range.rows(), "writing cells");
            int row1 = Math.min(row0 + band, range.row1());
            float[] cells = map.cells(row0, row1, range.col0(), range.col1());
            for (int row = row0; row < row1; row++) {
                sink.row(row, cells, (row - row0) * range.cols());
            }
        }
        progress.at(1, "writing cells");
    }

    private static byte[] npyHeader(MapRange range) {
        String dictionary =
                "{'descr': '<f4', 'fortran_order': False, 'shape': ("
                        + range.rows()
                        + ", "
                        + range.cols()
                        + "), }";
        int prefix = 10;
        int padded = Math.ceilDiv(prefix + dictionary.length() + 1, NPY_ALIGN) * NPY_ALIGN;
        String header = dictionary + " ".repeat(padded - prefix - dictionary.length() - 1) + "\n";
        ByteBuffer bytes = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        bytes.put((byte) 1).put((byte) 0).putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        return bytes.array();
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        bytes.rewind();
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static String quoted(List<Token> tokens, int index) {
        if (index >= tokens.size()) {
            return "";
        }
        return '"' + tokens.get(index).text().replace("\"", "\"\"") + '"';
    }
}
