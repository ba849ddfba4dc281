package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every command as a user gives it: what it prints, what it writes, how it ends. */
class CommandLineTest {
    private static final String TEXT = "one two three one two three one two";

    @TempDir Path folder;

    private CommandRun run(Interrupt interrupt, String... args) {
        return CommandRun.of(interrupt, new ByteArrayOutputStream(), args);
    }

    private CommandRun run(String... args) {
        return CommandRun.of(args);
    }

    /** Runs a command that has to end well and without a word on standard error. */
    private void succeed(String... args) {
        CommandRun result = run(args);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void assertFails(int status, String sentence, String... args) {
        run(args).assertFailed(status, sentence);
    }

    @Test
    void inspectFindsTheSitesThatTheCardOfTheModelNames() {
        JsonObject json = run("inspect", "demo", "--json").json();
        JsonArray sites = json.getAsJsonArray("sites");
        assertThat(sites).hasSize(4);
        for (int layer = 0; layer < 4; layer++) {
            JsonObject site = sites.get(layer).getAsJsonObject();
            assertThat(site.get("layer").getAsInt()).isEqualTo(layer);
            assertThat(site.get("kind").getAsString()).isEqualTo("self");
            assertThat(site.get("heads").getAsInt()).isEqualTo(6);
            assertThat(site.get("kvHeads").getAsInt()).isEqualTo(3);
            assertThat(site.get("headDim").getAsInt()).isEqualTo(32);
            assertThat(site.get("causal").getAsBoolean()).isTrue();
        }
        assertThat(json.getAsJsonArray("unsupported")).isEmpty();
        assertThat(json.getAsJsonArray("inputs"))
                .extracting(i -> i.getAsJsonObject().get("name").getAsString())
                .contains("input_ids", "attention_mask", "past_key_values.0.key");
        JsonObject check = json.getAsJsonObject("check");
        assertThat(check.get("maxAbsLogitDiff").getAsDouble()).isLessThan(1e-4);
        assertThat(check.get("maxAbsProbabilityDiff").getAsDouble()).isLessThan(1e-5);
        assertThat(check.get("path").getAsString()).isEqualTo("cut");
    }

    @Test
    void inspectSaysWhatATextCannotGive() {
        JsonObject demo = run("inspect", "demo", "--json").json();
        assertThat(demo.get("runsText").getAsBoolean()).isTrue();
        assertThat(demo.getAsJsonArray("needs")).isEmpty();
        assertThat(run("inspect", "demo").out()).doesNotContain("needs");
        Path decoder = Path.of("../../shared/models/moonshine-tiny/decoder_model_merged.onnx");
        Assumptions.assumeTrue(Files.exists(decoder), decoder + " is not beside the repository");
        JsonObject json = run("inspect", decoder.toString(), "--json").json();
        assertThat(json.get("runsText").getAsBoolean()).isFalse();
        assertThat(json.getAsJsonArray("needs"))
                .extracting(JsonElement::getAsString)
                .containsExactly("encoder_hidden_states");
        assertThat(run("inspect", decoder.toString()).out().lines())
                .contains(
                        "needs         encoder_hidden_states, which a text cannot give: only"
                                + " inspect works on it today");
    }

    /** Head statistics by the definitions, from cells that the map command wrote. */
    @Test
    void headsAgreesWithTheDefinitionsOnTheExportedCells() throws IOException {
        JsonArray heads =
                run("heads", "demo", "--tokens", "1,300,301,302,300,301,302", "--json")
                        .json()
                        .getAsJsonArray("heads");
        assertThat(heads).hasSize(24);
        int[] ids = {1, 300, 301, 302, 300, 301, 302};
        for (String name : List.of("L0H3", "L1H4", "L3H0")) {
            String out = file(name + ".npy");
            succeed(
                    "map",
                    "demo",
                    "--tokens",
                    "1,300,301,302,300,301,302",
                    "--head",
                    name,
                    "--out",
                    out);
            JsonObject found = null;
            for (JsonElement element : heads) {
                JsonObject head = element.getAsJsonObject();
                found = head.get("name").getAsString().equals(name) ? head : found;
            }
            JsonObject head = java.util.Objects.requireNonNull(found);
            Map<String, Double> wanted = NaiveStatistics.of(npy(Path.of(out), 7), ids);
            wanted.forEach((key, value) -> close(head, key, value));
            double received = java.util.Objects.requireNonNull(wanted.get("received0"));
            assertThat(head.get("sinkRate").getAsDouble()).isEqualTo(received > 0.3 ? 1 : 0);
        }
    }

    private static void close(JsonObject head, String key, double wanted) {
        assertThat(head.get(key).getAsDouble()).as(key).isCloseTo(wanted, within(1e-5));
    }

    /** A square .npy of float32, read by the format's own description. */
    private static double[][] npy(Path file, int side) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int start = 10 + bytes.getShort(8);
        double[][] cells = new double[side][side];
        for (int i = 0; i < side * side; i++) {
            cells[i / side][i % side] = bytes.getFloat(start + 4 * i);
        }
        return cells;
    }

    @Test
    void aCaptureOpenedAgainGivesTheSameMapAndTheSameStatistics() throws IOException {
        String capture = file("c.safetensors");
        JsonObject report =
                run("capture", "demo", "--text", TEXT, "--out", capture, "--json").json();
        assertThat(report.get("bytes").getAsLong()).isEqualTo(Files.size(Path.of(capture)));
        int tokens = report.get("tokens").getAsInt();
        succeed("map", "demo", "--text", TEXT, "--head", "L1H4", "--out", file("a.npy"));
        succeed("map", capture, "--head", "1.4", "--out", file("b.npy"));
        assertThat(
                        java.util.Arrays.deepEquals(
                                npy(Path.of(file("a.npy")), tokens),
                                npy(Path.of(file("b.npy")), tokens)))
                .isTrue();
        JsonArray one =
                run("heads", "demo", "--text", TEXT, "--json").json().getAsJsonArray("heads");
        JsonArray two = run("heads", capture, "--json").json().getAsJsonArray("heads");
        assertThat(two).isEqualTo(one);
    }

    @Test
    void theMarkAtTheStartOfATextFileIsNoPartOfTheText() throws IOException {
        Files.writeString(folder.resolve("plain.txt"), TEXT);
        Files.writeString(folder.resolve("marked.txt"), "\uFEFF" + TEXT);
        JsonObject plain = run("heads", "demo", "--json", "--text-file", file("plain.txt")).json();
        JsonObject marked =
                run("heads", "demo", "--json", "--text-file", file("marked.txt")).json();
        assertThat(marked.get("heads")).isEqualTo(plain.get("heads"));
    }

    @Test
    void mapReportsTheRangeThatItWrote() throws IOException {
        JsonObject json =
                run(
                                "map",
                                "demo",
                                "--text",
                                TEXT,
                                "--layer",
                                "0",
                                "--head",
                                "3",
                                "--rows",
                                "2:6",
                                "--cols",
                                ":6",
                                "--out",
                                file("part.npy"),
                                "--json")
                        .json();
        assertThat(json.get("rows").getAsInt()).isEqualTo(4);
        assertThat(json.get("cols").getAsInt()).isEqualTo(6);
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("part.npy")))
                        .order(ByteOrder.LITTLE_ENDIAN);
        float min = Float.MAX_VALUE;
        float max = 0;
        for (int at = 10 + bytes.getShort(8); at < bytes.capacity(); at += 4) {
            float value = bytes.getFloat(at);
            if (!Float.isNaN(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        assertThat(json.get("min").getAsFloat()).isEqualTo(min);
        assertThat(json.get("max").getAsFloat()).isEqualTo(max);
    }

    @Test
    void mapWritesAPictureThatJavaReads() throws IOException {
        succeed(
                "map",
                "demo",
                "--text",
                TEXT,
                "--head",
                "L1H4",
                "--scale",
                "log",
                "--out",
                file("m.png"));
        assertThat(javax.imageio.ImageIO.read(Files.newInputStream(folder.resolve("m.png"))))
                .satisfies(image -> assertThat(image.getWidth()).isGreaterThan(200));
    }

    @Test
    void withoutAWindowTheGalleryIsWritten() throws IOException {
        JsonObject json = run("demo", "--out", file("gallery"), "--json").json();
        Path index = Path.of(json.get("index").getAsString());
        assertThat(index).isEqualTo(folder.resolve("gallery/index.html"));
        assertThat(Files.readString(index)).contains("layer 0", "layer 3", "summary.png");
        for (JsonElement file : json.getAsJsonArray("files")) {
            assertThat(Files.size(Path.of(file.getAsString()))).isPositive();
        }
    }

    @Test
    void doctorOpensTheEmbeddedExample() {
        JsonObject json = run("doctor", "--json").json();
        assertThat(json.get("example").getAsString()).endsWith("demo opens");
        assertThat(json.getAsJsonArray("missing")).isEmpty();
        assertThat(json.getAsJsonArray("providers")).isNotEmpty();
    }

    @Test
    void progressIsPrintedWhenAskedForAndOnlyOnStandardError() {
        CommandRun result = run("heads", "demo", "--text", TEXT, "--json", "--progress");
        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("%");
        assertThat(JsonParser.parseString(result.out()).getAsJsonObject().getAsJsonArray("heads"))
                .hasSize(24);
    }

    @Test
    void anInterruptEndsWith130AndLeavesNoFile() throws IOException {
        Interrupt interrupt = new Interrupt();
        interrupt.ask();
        CommandRun result =
                run(interrupt, "capture", "demo", "--text", TEXT, "--out", file("c.safetensors"));
        assertThat(result.status()).isEqualTo(130);
        assertThat(result.err()).isEqualTo("Cancelled." + System.lineSeparator());
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"svg", "pdf"})
    void figuresThatCannotBeWrittenYetAreWrongUsage(String ending) {
        assertFails(
                2,
                "--out x."
                        + ending
                        + ": this version writes .png, .npy and .csv, and not yet .svg or .pdf.",
                "map",
                "demo",
                "--head",
                "L0H0",
                "--out",
                "x." + ending);
    }

    @Test
    void aHeadThatIsNotThereIsBadInput() {
        assertFails(
                3,
                "There is no head L1H6: layer 1 has heads 0 to 5.",
                "map",
                "demo",
                "--text",
                TEXT,
                "--head",
                "L1H6",
                "--out",
                file("x.npy"));
        assertFails(
                3,
                "There is no head L4H0: the layers are 0, 1, 2, 3.",
                "map",
                "demo",
                "--text",
                TEXT,
                "--head",
                "4-0",
                "--out",
                file("x.npy"));
    }

    @Test
    void aSourceThatIsNothingSaysWhatCanBeOpened() throws IOException {
        Path odd = folder.resolve("odd.bin");
        Files.writeString(odd, "hello");
        assertFails(
                3,
                odd
                        + " is nothing that can be opened; expected a model folder, an .onnx file,"
                        + " or a capture or dump (.safetensors, .npy, .npz).",
                "inspect",
                odd.toString());
        assertFails(
                3,
                "nowhere does not exist; expected a model folder, an .onnx file, or a capture or"
                        + " dump (.safetensors, .npy, .npz).",
                "heads",
                "nowhere");
    }

    @Test
    void aTokenIdThatIsNoNumberIsNamedWithItsPosition() {
        assertFails(
                2,
                "--tokens: \"x\" at position 1 is not a token id; expected whole numbers such as"
                        + " 1,2,3.",
                "heads",
                "demo",
                "--tokens",
                "1,x");
    }

    @Test
    void aDumpWithNaNIsRefusedWithItsPlace() throws IOException {
        byte[] header =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n"
                        .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + header.length + 24).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) header.length).put(header);
        bytes.putFloat(1).putFloat(0).putFloat(0);
        bytes.putFloat(0).putFloat(Float.NaN).putFloat(1);
        Path dump = folder.resolve("d.npy");
        Files.write(dump, bytes.array());
        assertFails(
                3,
                dump
                        + ": the array [2, 3] has NaN at (1, 1); expected attention probabilities,"
                        + " from 0 to 1: save the attention after its softmax.",
                "heads",
                dump.toString());
    }
}
