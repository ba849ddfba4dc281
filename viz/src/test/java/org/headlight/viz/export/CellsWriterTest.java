package org.headlight.viz.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.FormulaMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class CellsWriterTest {
    private final CellsWriter writer = new CellsWriter();

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1, 0, 1", "0, 65, 0, 64", "3, 64, 1, 2", "60, 65, 0, 63", "0, 2, 0, 64"})
    void npyReadsBackBitByBit(int row0, int row1, int col0, int col1) throws IOException {
        FormulaMap map = FormulaMap.distinct(65, 64, true);
        Path file = folder.resolve("cells.npy");
        writer.npy(map, new MapRange(row0, row1, col0, col1), file, Progress.NONE);

        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        in.get(magic);
        assertThat(magic).isEqualTo(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        byte[] header = new byte[in.getShort()];
        in.get(header);
        assertThat(in.position() % 64).isZero();
        String text = new String(header, StandardCharsets.US_ASCII);
        assertThat(text).endsWith("\n").contains("'descr': '<f4'", "'fortran_order': False");
        Matcher shape = Pattern.compile("'shape': \\((\\d+), (\\d+)\\)").matcher(text);
        assertThat(shape.find()).isTrue();
        assertThat(Integer.parseInt(shape.group(1))).isEqualTo(row1 - row0);
        assertThat(Integer.parseInt(shape.group(2))).isEqualTo(col1 - col0);
        for (int row = row0; row < row1; row++) {
            for (int col = col0; col < col1; col++) {
                float value = in.getFloat();
                assertThat(Float.floatToIntBits(value))
                        .isEqualTo(Float.floatToIntBits(map.value(row, col)));
            }
        }
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void manyBandsAreJoinedWithoutASeam() throws IOException {
        FormulaMap map = FormulaMap.distinct(40, 60000, false);
        Path file = folder.resolve("wide.npy");
        writer.npy(map, MapRange.all(map), file, Progress.NONE);
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int start = 10 + in.getShort(8);
        assertThat(in.capacity()).isEqualTo(start + 40 * 60000 * 4);
        for (int row = 0; row < 40; row++) {
            assertThat(in.getFloat(start + (row * 60000 + 59999) * 4))
                    .isEqualTo(map.value(row, 59999));
        }
    }

    @Test
    void csvReadsBackToTheSameFloats() throws IOException {
        FormulaMap map =
                new FormulaMap(5, 4, true, (row, col) -> Math.exp(-row * 7.3 - col * 2.9) / 3);
        List<Token> tokens =
                IntStream.range(0, 5)
                        .mapToObj(i ->
                                new Token(
                                        i,
                                        i,
                                        List.of("<s>", " a,b", "\"", "\n", "\u00e9").get(i),
                                        i == 0))
                        .toList();
        Path file = folder.resolve("cells.csv");
        writer.csv(map, new MapRange(1, 5, 0, 4), tokens, tokens, file, Progress.NONE);

        List<List<String>> table = parse(Files.readString(file));
        assertThat(table.get(0)).containsExactly("query", "token", "0", "1", "2", "3");
        assertThat(table.get(1)).containsExactly("", "", "<s>", " a,b", "\"", "\n");
        assertThat(table).hasSize(6);
        for (int row = 1; row < 5; row++) {
            List<String> line = table.get(row + 1);
            assertThat(line.get(0)).isEqualTo(Integer.toString(row));
            assertThat(line.get(1)).isEqualTo(tokens.get(row).text());
            for (int col = 0; col < 4; col++) {
                String cell = line.get(col + 2);
                if (col > row) {
                    assertThat(cell).isEmpty();
                } else {
                    assertThat(Float.parseFloat(cell)).isEqualTo(map.value(row, col));
                }
            }
        }
    }

    @Test
    void nothingIsLeftWhenTheUserCancels() throws IOException {
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        FormulaMap map = FormulaMap.distinct(8, 8, false);
        MapRange all = MapRange.all(map);
        assertThatThrownBy(() -> writer.npy(map, all, folder.resolve("a.npy"), cancelled))
                .isInstanceOf(CancelledException.class);
        assertThatThrownBy(() ->
                        writer.csv(
                                map, all, List.of(), List.of(), folder.resolve("a.csv"), cancelled))
                .isInstanceOf(CancelledException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    /** RFC 4180, written apart from the writer. */
    private static List<List<String>> parse(String text) {
        List<List<String>> table = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                line.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    table.add(line);
                    line = new ArrayList<>();
                }
            } else {
                cell.append(c);
            }
        }
        return table;
    }
}
