package org.headlight.engine.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.RelativeMask;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.sweep.NaiveHead;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** What goes into a capture file comes out of it, and files made elsewhere are checked. */
class CaptureFilesTest {
    private static final CaptureInfo INFO =
            new CaptureInfo("toy", "0123456789ab", "eager", "CPU, 2 threads", 0.25);

    @TempDir Path folder;

    /** A capture in memory. */
    private record Memory(CaptureInfo info, List<Token> tokens, List<SiteCapture> sites)
            implements Capture {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static Matrix random(Random random, int rows, int cols) {
        float[] cells = new float[rows * cols];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) random.nextGaussian();
        }
        return new ArrayMatrix(cells, rows, cols);
    }

    private static List<Token> tokens(int count) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(i, 7 * i, i == 0 ? "<s>" : " \"\u00e9\n<0xE2>" + i, i == 0));
        }
        return tokens;
    }

    /** Four query heads over two KV heads, all under one mask. */
    private static SiteCapture site(int layer, int rows, int keys, AttentionMask... masks) {
        Random random = new Random(layer + 31L * rows);
        List<HeadAttention> heads = new ArrayList<>();
        for (int kv = 0; kv < 2; kv++) {
            Matrix k = random(random, keys, 8);
            Matrix v = random(random, keys, 5);
            for (int h = 0; h < 2; h++) {
                heads.add(
                        new QkHead(
                                random(random, rows, 8),
                                k,
                                v,
                                0.35355338f,
                                masks[(2 * kv + h) % masks.length]));
            }
        }
        SiteKind kind = rows == keys ? SiteKind.SELF : SiteKind.CROSS;
        return new SiteCapture(
                layer, kind, "/layer." + layer, heads, 2, 8, tokens(rows), tokens(keys));
    }

    private static float[] all(Matrix matrix) {
        float[] cells = new float[matrix.rows() * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), cells, 0);
        return cells;
    }

    private Path written(Capture capture) {
        Path file = folder.resolve("capture.safetensors");
        CaptureFiles.write(capture, file, Progress.NONE);
        return file;
    }

    private static void assertSame(SiteCapture was, SiteCapture is) {
        assertThat(is.layer()).isEqualTo(was.layer());
        assertThat(is.kind()).isEqualTo(was.kind());
        assertThat(is.node()).isEqualTo(was.node());
        assertThat(is.kvHeads()).isEqualTo(was.kvHeads());
        assertThat(is.headDim()).isEqualTo(was.headDim());
        assertThat(is.queryTokens()).isEqualTo(was.queryTokens());
        assertThat(is.keyTokens()).isEqualTo(was.keyTokens());
        for (int h = 0; h < was.heads().size(); h++) {
            QkHead a = (QkHead) was.heads().get(h);
            QkHead b = (QkHead) is.heads().get(h);
            assertThat(all(b.q())).containsExactly(all(a.q()));
            assertThat(all(b.k())).containsExactly(all(a.k()));
            assertThat(all(java.util.Objects.requireNonNull(b.v())))
                    .containsExactly(all(java.util.Objects.requireNonNull(a.v())));
            assertThat(b.scale()).isEqualTo(a.scale());
            assertThat(b.softcap()).isEqualTo(a.softcap());
            assertThat(b.sink()).isEqualTo(a.sink());
            assertThat(b.mask().causal()).isEqualTo(a.mask().causal());
            for (int r = 0; r < a.rows(); r++) {
                for (int c = 0; c < a.cols(); c++) {
                    assertThat(new MaskMatrix(b.mask(), a.rows(), a.cols()))
                            .satisfies(cell(new MaskMatrix(a.mask(), a.rows(), a.cols()), r, c));
                }
            }
        }
    }

    private static java.util.function.Consumer<Matrix> cell(Matrix wanted, int r, int c) {
        return matrix -> {
            float[] one = new float[1];
            float[] other = new float[1];
            matrix.copy(r, r + 1, c, c + 1, one, 0, 1);
            wanted.copy(r, r + 1, c, c + 1, other, 0, 1);
            assertThat(one[0]).as("bias (%d, %d)", r, c).isEqualTo(other[0]);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 65})
    void aCaptureReadBackIsTheSameCapture(int n) {
        AttentionMask spans =
                new SpanMask(r -> Math.max(0, r - r % 3), r -> Math.min(n, r - r % 3 + 4), false);
        AttentionMask biased =
                TensorMaskFixture.of(n, (r, c) -> c > r ? AttentionMask.MASKED : (c - r) * 0.5f);
        Memory capture =
                new Memory(
                        INFO,
                        tokens(n),
                        List.of(
                                site(0, n, n, AttentionMask.causal(0)),
                                site(1, n, n, AttentionMask.full(n)),
                                site(2, n, n, AttentionMask.window(0, 3)),
                                site(3, n, n, spans),
                                site(4, n, n, biased),
                                site(5, n, n, AttentionMask.causal(0), biased),
                                site(5, n, n + 4, AttentionMask.full(n + 4)),
                                site(6, n, n, relative(n, 1), relative(n, 2)),
                                site(7, n, n, relative(n, 1), AttentionMask.causal(0))));
        try (Capture back = CaptureFiles.read(written(capture), Progress.NONE)) {
            assertThat(back.info()).isEqualTo(INFO);
            assertThat(back.tokens()).isEqualTo(capture.tokens());
            assertThat(back.sites()).hasSize(9);
            for (int i = 0; i < 9; i++) {
                assertSame(capture.sites().get(i), back.sites().get(i));
            }
        }
    }

    /** Causal, with a bias for each distance. */
    private static AttentionMask relative(int n, float slope) {
        int[] end = new int[n];
        float[] byDistance = new float[2 * n - 1];
        for (int i = 0; i < byDistance.length; i++) {
            byDistance[i] = slope * (i + 1 - n);
        }
        for (int r = 0; r < n; r++) {
            end[r] = r + 1;
        }
        return new RelativeMask(new int[n], end, byDistance);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 65})
    void softCapsAndSinkLogitsComeBack(int n) throws IOException {
        SiteCapture plain = site(0, n, n, AttentionMask.causal(0));
        List<HeadAttention> heads = new ArrayList<>();
        for (HeadAttention attention : plain.heads()) {
            float sink = heads.isEmpty() ? QkHead.NO_SINK : 0.25f * heads.size();
            heads.add(NaiveHead.with((QkHead) attention, 2.5f, sink));
        }
        SiteCapture site =
                new SiteCapture(0, SiteKind.SELF, "/s", heads, 2, 8, tokens(n), tokens(n));
        Path file = written(new Memory(INFO, tokens(n), List.of(site)));
        try (Capture back = CaptureFiles.read(file, Progress.NONE)) {
            assertSame(site, back.sites().getFirst());
        }
        TensorFile tensors =
                SafetensorsReader.read(
                        "x", java.lang.foreign.MemorySegment.ofArray(Files.readAllBytes(file)));
        assertThat(tensors.metadata())
                .containsEntry("softcap", "2.5")
                .containsEntry("headlight.format", "2");
        Tensor lse = java.util.Objects.requireNonNull(tensors.tensors().get("layers.0.lse"));
        for (int h = 0; h < 4; h++) {
            for (int r = 0; r < n; r++) {
                double truth = NaiveHead.row(heads.get(h), r, Set.of()).lse();
                assertThat((double) lse.floatAt((long) h * n + r)).isCloseTo(truth, offset(1e-5));
            }
        }
    }

    @Test
    void keepsTheLogSumExpOfEachRow() throws IOException {
        SiteCapture site = site(0, 65, 65, AttentionMask.causal(0));
        Path file = written(new Memory(INFO, tokens(65), List.of(site)));
        byte[] bytes = Files.readAllBytes(file);
        TensorFile tensors =
                SafetensorsReader.read("x", java.lang.foreign.MemorySegment.ofArray(bytes));
        Tensor lse = java.util.Objects.requireNonNull(tensors.tensors().get("layers.0.lse"));
        assertThat(lse.shape()).containsExactly(4L, 65L);
        for (int h = 0; h < 4; h++) {
            QkHead head = (QkHead) site.heads().get(h);
            float[] q = all(head.q());
            float[] k = all(head.k());
            for (int r = 0; r < 65; r++) {
                double sum = 0;
                for (int c = 0; c <= r; c++) {
                    double dot = 0;
                    for (int d = 0; d < 8; d++) {
                        dot += (double) q[r * 8 + d] * k[c * 8 + d];
                    }
                    sum += Math.exp(dot * head.scale());
                }
                assertThat((double) lse.floatAt(h * 65L + r))
                        .isCloseTo(Math.log(sum), offset(1e-5));
            }
        }
    }

    @Test
    void aCancelledWriteLeavesNothingAndKeepsTheOldFile() throws IOException {
        Path file = folder.resolve("capture.safetensors");
        Files.writeString(file, "old");
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {}

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        Memory capture =
                new Memory(INFO, tokens(3), List.of(site(0, 3, 3, AttentionMask.causal(0))));
        assertThatThrownBy(() -> CaptureFiles.write(capture, file, cancelled))
                .isInstanceOf(CancelledException.class);
        assertThat(Files.readString(file)).isEqualTo("old");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void saysThatTheFolderOfTheTargetIsMissing() {
        Path file = folder.resolve("no/capture.safetensors");
        Memory capture =
                new Memory(INFO, tokens(1), List.of(site(0, 1, 1, AttentionMask.causal(0))));
        assertThatThrownBy(() -> CaptureFiles.write(capture, file, Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " cannot be written: the folder "
                                + folder.resolve("no")
                                + " does not exist; make it first.");
    }

    /** A safetensors file made by hand. */
    private Path made(String header, float... data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + text.length + 4 * data.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        for (float value : data) {
            bytes.putFloat(value);
        }
        Path file = folder.resolve("made.safetensors");
        Files.write(file, bytes.array());
        return file;
    }

    private static void assertRefused(Path file, String sentence) {
        assertThatThrownBy(() -> CaptureFiles.read(file, Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(file + sentence);
    }

    private static final String QK =
            "{%s\"layers.0.q\":{\"dtype\":\"F32\",\"shape\":[1,2,1],\"data_offsets\":[0,8]},"
                + "\"layers.0.k\":{\"dtype\":\"F32\",\"shape\":[1,2,1],\"data_offsets\":[8,16]}}";

    @Test
    void opensQueriesAndKeysOfOthersWhenTheMetadataSaysScaleAndMask() throws IOException {
        String metadata =
                "\"__metadata__\":{\"scale\":\"0.5\",\"causal\":\"true\",\"token_strings\":\"[\\\"a\\\",\\\"b\\\"]\"},";
        Path file = made(QK.replace("%s", metadata), 1, 2, 3, 4);
        try (Capture capture = CaptureFiles.read(file, Progress.NONE)) {
            QkHead head = (QkHead) capture.sites().getFirst().heads().getFirst();
            assertThat(head.scale()).isEqualTo(0.5f);
            assertThat(head.mask().causal()).isTrue();
            assertThat(all(head.q())).containsExactly(1, 2);
            assertThat(all(head.k())).containsExactly(3, 4);
            assertThat(capture.tokens()).extracting(Token::text).containsExactly("a", "b");
        }
    }

    @Test
    void neverGuessesTheScale() throws IOException {
        assertRefused(
                made(QK.replace("%s", "\"__metadata__\":{\"causal\":\"true\"},"), 1, 2, 3, 4),
                " has queries and keys but its metadata does not say \"scale\", which is never"
                        + " guessed; save it as safetensors with the metadata \"scale\": \"0.125\""
                        + " for a head width of 64.");
    }

    @Test
    void saysWhereAQueryIsNotFinite() throws IOException {
        String metadata = "\"__metadata__\":{\"scale\":\"1\",\"causal\":\"true\"},";
        assertRefused(
                made(QK.replace("%s", metadata), 1, Float.NaN, 3, 4),
                ": \"layers.0.q\" [1, 2, 1] has NaN at (0, 1, 0); expected finite numbers.");
    }

    @Test
    void refusesACaptureOfAnotherVersion() throws IOException {
        String metadata =
                "\"__metadata__\":{\"headlight.format\":\"7\",\"headlight.version\":\"3.1\"},";
        assertRefused(
                made(QK.replace("%s", metadata), 1, 2, 3, 4),
                " is a capture of format 7 and this version of Headlight reads formats 1 and 2:"
                        + " capture it again, or open it with the version that wrote it (3.1).");
    }

    @Test
    void saysWhichShapeItExpected() throws IOException {
        assertRefused(
                made(
                        "{\"layers.0.attn\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
                        1,
                        0,
                        0,
                        1),
                ": \"layers.0.attn\" has the shape [2, 2]; expected [H, N, M].");
    }

    @Test
    void saysThatATensorEndsBehindTheFile() throws IOException {
        assertRefused(
                made(
                        "{\"layers.0.attn\":{\"dtype\":\"F32\",\"shape\":[1,2,2],\"data_offsets\":[0,16]}}",
                        1),
                " is truncated: \"layers.0.attn\" ends at byte 16 of the data and the file has 4;"
                        + " copy or save it again.");
    }

    @Test
    void refusesAHeaderWhoseBytesDoNotFitTheShape() throws IOException {
        assertRefused(
                made(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,4]}}",
                        1),
                " has a safetensors header that gives \"a\" 4 bytes; its shape"
                        + " [9223372036854775807, 4] and type F32 need more than a file can hold:"
                        + " save it again.");
    }

    @Test
    void refusesTensorsThatShareBytes() throws IOException {
        assertRefused(
                made(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                        1,
                        2,
                        3),
                " has a safetensors header that lets \"a\" and \"b\" share bytes: save it again.");
    }

    @Test
    void refusesAHeaderThatIsTooLongForTheFile() throws IOException {
        Path file = folder.resolve("short.safetensors");
        Files.write(file, new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        assertRefused(
                file,
                " is truncated: its header needs 108 bytes and the file has 10; copy or save it"
                        + " again.");
    }

    @Test
    void listsWhatAFileWithoutAttentionHolds() throws IOException {
        assertRefused(
                made("{\"bias\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 1),
                " holds no attention: expected \"layers.0.q\" with \"layers.0.k\","
                        + " \"layers.0.attn\", or one array [N, M], [H, N, M] or [L, H, N, M]; it"
                        + " has \"bias\".");
    }
}
