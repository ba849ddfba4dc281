package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.junit.jupiter.api.BeforeEach;
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
import java.util.Arrays;

/** Captures and dumps that cannot be read, or cannot be attention. */
class BadInputDumpTest {
    private static final String SHAPES =
            "expected attention probabilities of shape [queries, keys], [heads, queries, keys] or"
                    + " [layers, heads, queries, keys]: save them in one of these shapes.";

    @TempDir private Path folder;
    private FailingCommand command = new FailingCommand(Path.of(""));

    @BeforeEach
    void inTheFolder() {
        command = new FailingCommand(folder);
    }

    private static byte[] bytes(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    private Path npy(String type, String shape, byte[] data) throws IOException {
        String dictionary =
                "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
        byte[] header = dictionary.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file =
                ByteBuffer.allocate(10 + header.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        file.putShort((short) header.length).put(header).put(data);
        return Files.write(folder.resolve("d.npy"), file.array());
    }

    private static JsonObject tensor(int start, int[] shape) {
        JsonObject tensor = new JsonObject();
        tensor.addProperty("dtype", "F32");
        JsonArray sides = new JsonArray();
        JsonArray offsets = new JsonArray();
        int size = 4;
        for (int side : shape) {
            sides.add(side);
            size *= side;
        }
        offsets.add(start);
        offsets.add(start + size);
        tensor.add("shape", sides);
        tensor.add("data_offsets", offsets);
        return tensor;
    }

    private Path safetensors(String name, JsonObject header, byte[] data) throws IOException {
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(data);
        return Files.write(folder.resolve(name), file.array());
    }

    /** A dump with one tensor. */
    private Path safetensors(String tensor, int[] shape, float... values) throws IOException {
        JsonObject header = new JsonObject();
        header.add(tensor, tensor(0, shape));
        return safetensors("d.safetensors", header, bytes(values));
    }

    @Test
    void aCaptureOfAnotherVersion() throws IOException {
        Path capture = folder.resolve("c.safetensors");
        CommandRun run =
                CommandRun.of("capture", "demo", "--tokens", "1,5", "--out", capture.toString());
        assertThat(run.status()).isZero();
        byte[] whole = Files.readAllBytes(capture);
        int length =
                Math.toIntExact(ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
        JsonObject header =
                JsonParser.parseString(new String(whole, 8, length, StandardCharsets.UTF_8))
                        .getAsJsonObject();
        JsonObject metadata = header.getAsJsonObject("__metadata__");
        assertThat(metadata.get("headlight.format").getAsString()).isEqualTo("1");
        metadata.addProperty("headlight.format", "9");
        metadata.addProperty("headlight.version", "7.5");
        byte[] data = Arrays.copyOfRange(whole, 8 + length, whole.length);
        Path newer = safetensors("newer.safetensors", header, data);
        command.isRefused(
                newer,
                newer
                        + " is a capture of format 9 and this version of Headlight reads formats 1"
                        + " and 2: capture it again, or open it with the version that wrote it"
                        + " (7.5).");

        Path cut = folder.resolve("cut.safetensors");
        Files.write(cut, Arrays.copyOf(whole, length));
        command.isRefused(
                cut,
                String.format(
                        java.util.Locale.ROOT,
                        "%s is truncated: its header needs %,d bytes and the file has %,d; copy or"
                                + " save it again.",
                        cut,
                        8 + length,
                        length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"4, | 1 | [4]", "'1, 1, 1, 1, 4' | 5 | [1, 1, 1, 1, 4]"})
    void anArrayOfTheWrongShape(String shape, int rank, String shown) throws IOException {
        assertThat(shown.split(",")).hasSize(rank);
        Path file = npy("<f4", shape, bytes(1, 0, 0, 0));
        command.isRefused(file, file + ": the array has the shape " + shown + "; " + SHAPES);
    }

    @Test
    void aTensorOfTheWrongShape() throws IOException {
        Path file = safetensors("layers.0.attn", new int[] {2}, 1, 0);
        command.isRefused(
                file, file + ": \"layers.0.attn\" has the shape [2]; expected [H, N, M].");
    }

    @ParameterizedTest
    @CsvSource({"NaN,NaN", "-0.25,-0.25"})
    void numbersThatAreNoProbabilities(float value, String shown) throws IOException {
        Path file = npy("<f4", "2, 3", bytes(1, 0, 0, 0, value, 1));
        command.isRefused(
                file,
                file
                        + ": the array [2, 3] has "
                        + shown
                        + " at (1, 1); expected attention probabilities, from 0 to 1: save the"
                        + " attention after its softmax.");
    }

    @Test
    void aTensorWithNaN() throws IOException {
        Path file = safetensors("layers.0.attn", new int[] {2, 1, 3}, 1, 0, 0, 1, Float.NaN, 0);
        command.isRefused(
                file,
                file
                        + ": \"layers.0.attn\" [2, 1, 3] has NaN at (1, 0, 1); expected attention"
                        + " probabilities, from 0 to 1: save the attention after its softmax.");
    }

    @Test
    void rowsThatDoNotSumToOne() throws IOException {
        Path file = npy("<f4", "2, 2", bytes(1, 0, 1, 1));
        command.isRefused(
                file,
                file
                        + ": the array [2, 2] has a row (1) that sums to 2; expected 1 in each row:"
                        + " save the attention after its softmax, without dropout.");
    }

    @Test
    void queriesWithoutKeys() throws IOException {
        Path file = safetensors("layers.0.q", new int[] {1, 2, 2}, 1, 1, 1, 1);
        command.isRefused(
                file, file + " has no \"layers.0.k\"; expected it with the shape [KV, M, D].");
    }

    @Test
    void objectsThatCouldRunCode() throws IOException {
        Path file = npy("|O", "2, 2", new byte[] {(byte) 0x80, 4});
        command.isRefused(
                file,
                file
                        + " holds pickled Python objects, which could run code and are never"
                        + " opened: save plain numbers with numpy.save(file,"
                        + " array.astype(\"float32\")).");
    }

    @Test
    void anArrayThatIsCutShort() throws IOException {
        Path file = npy("<f4", "2, 2", bytes(1, 0));
        command.isRefused(
                file,
                file
                        + " is truncated: its shape [2, 2] needs 16 bytes and the file has 8; save"
                        + " it again.");
    }

    @Test
    void filesThatOnlyCarryTheName() throws IOException {
        Path npy = Files.writeString(folder.resolve("x.npy"), "hi");
        command.isRefused(
                npy,
                npy
                        + " is neither safetensors, .npy nor .npz: its first bytes are unknown;"
                        + " expected a capture or a dump of attention, so save it again or choose"
                        + " another file.");
        Path tensors = Files.writeString(folder.resolve("x.safetensors"), "hello, all of you");
        long header =
                ByteBuffer.wrap(Files.readAllBytes(tensors))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong(0);
        command.isRefused(
                tensors,
                tensors
                        + " is not a safetensors file: its first 8 bytes give a header of "
                        + header
                        + " bytes, where 2 to 100,000,000 were expected; save it again or choose"
                        + " another file.");
        Path zip = Files.writeString(folder.resolve("x.npz"), "PK\3\4 and nothing more");
        command.isRefused(
                zip,
                zip
                        + " is not a readable NumPy archive (zip END header not found): save it"
                        + " again with numpy.savez.");
    }
}
