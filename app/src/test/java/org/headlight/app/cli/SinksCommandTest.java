package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** {@code headlight sinks} as a user gives it. */
class SinksCommandTest {
    private static final String TEXT = "one two three one two three one two";

    @TempDir private Path folder;

    private static CommandRun run(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of("sinks"), Stream.of(args)).toArray(String[]::new));
    }

    private static void assertFails(int status, String sentence, String... args) {
        run(args).assertFailed(status, sentence);
    }

    /** The cells of a head as the map command wrote them; NaN where masked. */
    private float[] cells(int layer, int head, int tokens) throws IOException {
        Path file = folder.resolve("cells" + layer + "." + head + ".npy");
        CommandRun result =
                CommandRun.of(
                        "map",
                        "demo",
                        "--text",
                        TEXT,
                        "--head",
                        "L" + layer + "H" + head,
                        "--out",
                        file.toString());
        assertThat(result.err()).isEmpty();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(10 + bytes.getShort(8));
        float[] cells = new float[tokens * tokens];
        bytes.asFloatBuffer().get(cells);
        return cells;
    }

    @Test
    void receivedMassIsTheColumnMeanOfTheExportedCells() throws IOException {
        JsonObject json = run("demo", "--text", TEXT, "--json").json();
        int tokens = json.get("tokens").getAsInt();
        JsonArray heads = json.getAsJsonArray("heads");
        assertThat(heads).hasSize(24);
        double above = 0;
        for (JsonElement element : heads) {
            JsonObject head = element.getAsJsonObject();
            float[] map = cells(head.get("layer").getAsInt(), head.get("head").getAsInt(), tokens);
            JsonArray received = head.getAsJsonArray("received");
            assertThat(received).hasSize(tokens);
            for (int key = 0; key < tokens; key++) {
                double sum = 0;
                for (int q = key; q < tokens; q++) {
                    sum += map[q * tokens + key];
                }
                double mean = sum / (tokens - key);
                assertThat(received.get(key).getAsDouble()).isCloseTo(mean, within(1e-5));
                above += key == 0 && mean > 0.3 ? 1 : 0;
            }
            for (JsonElement one : head.getAsJsonArray("sinks")) {
                JsonObject sink = one.getAsJsonObject();
                assertThat(sink.get("received").getAsDouble()).isGreaterThan(0.1);
                assertThat(sink.get("queries").getAsInt())
                        .isEqualTo(tokens - sink.get("position").getAsInt());
            }
        }
        assertThat(json.getAsJsonArray("sinkRate")).hasSize(tokens);
        assertThat(json.getAsJsonArray("sinkRate").get(0).getAsDouble())
                .isCloseTo(above / 24, within(1e-9));
    }

    @Test
    void aDumpOfProbabilitiesWorksToo() throws IOException {
        float[] cells = {1, 0, 0, 0.9f, 0.1f, 0, 0.7f, 0.1f, 0.2f};
        ByteBuffer data = ByteBuffer.allocate(4 * cells.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float cell : cells) {
            data.putFloat(cell);
        }
        byte[] header =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }\n"
                        .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file =
                ByteBuffer.allocate(10 + header.length + data.capacity())
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        file.putShort((short) header.length).put(header).put(data.array());
        Path dump = Files.write(folder.resolve("d.npy"), file.array());
        JsonObject head =
                run(dump.toString(), "--json", "--threshold", "0.15", "--min-queries", "2")
                        .json()
                        .getAsJsonArray("heads")
                        .get(0)
                        .getAsJsonObject();
        double[] expected = {2.6 / 3, 0.1, 0.2};
        for (int key = 0; key < 3; key++) {
            assertThat(head.getAsJsonArray("received").get(key).getAsDouble())
                    .isCloseTo(expected[key], within(1e-6));
        }
        assertThat(head.getAsJsonArray("sinks")).hasSize(1);
        assertFails(
                3,
                dump
                        + " is a capture or dump, and --calibrate runs the model again; give the"
                        + " model itself.",
                dump.toString(),
                "--calibrate",
                "act-code");
    }

    @Test
    void calibrationSaysWhatChangedInLossLogitsAndAnswer() {
        JsonObject json =
                run(
                                "demo",
                                "--text",
                                TEXT,
                                "--calibrate",
                                "act-paper",
                                "--heads",
                                "L1H0,L2H1",
                                "--answer",
                                "3",
                                "--json")
                        .json()
                        .getAsJsonObject("calibration");
        assertThat(json.get("rule").getAsString()).isEqualTo("act-paper");
        assertThat(json.get("alpha").getAsDouble()).isEqualTo(5);
        assertThat(json.get("beta").getAsDouble()).isEqualTo(0.4);
        assertThat(json.getAsJsonArray("heads")).hasSize(2);
        assertThat(json.get("lossBefore").getAsDouble()).isBetween(0.1, 8.0);
        assertThat(json.get("top1Agreement").getAsDouble()).isBetween(0.1, 1.0);
        String before = json.getAsJsonObject("answerBefore").get("text").getAsString();
        assertThat(before).isNotEmpty();
        CommandRun written =
                CommandRun.of("generate", "demo", "--prompt", TEXT, "--max-tokens", "3");
        assertThat(written.out()).startsWith(before);
    }

    @Test
    void evictionComparesCachesOfOneSize() {
        JsonArray cases =
                run("demo", "--evict", "--window", "64", "--json")
                        .json()
                        .getAsJsonObject("eviction")
                        .getAsJsonArray("cases");
        assertThat(cases)
                .extracting(one -> one.getAsJsonObject().get("name").getAsString())
                .containsExactly("all keys", "last 64", "first 4 + last 60", "first 1 + last 63");
        double all = cases.get(0).getAsJsonObject().get("loss").getAsDouble();
        assertThat(cases.get(1).getAsJsonObject().get("loss").getAsDouble()).isGreaterThan(all);
    }

    @Test
    void promptsAreCutToOneLengthAndShortOnesAreCounted() throws IOException {
        Path prompts = folder.resolve("p.txt");
        Files.writeString(prompts, TEXT + "\n\nshort\n" + TEXT + " and more\n");
        JsonObject json =
                run("demo", "--prompts", prompts.toString(), "--length", "8", "--json").json();
        assertThat(json.has("heads")).isFalse();
        JsonObject rate = json.getAsJsonObject("prompts");
        assertThat(rate.get("used").getAsInt()).isEqualTo(2);
        assertThat(rate.get("tooShort").getAsInt()).isEqualTo(1);
        assertThat(rate.getAsJsonArray("sinkRate")).hasSize(8);
        assertThat(rate.getAsJsonArray("heads")).hasSize(24);
        Path lines = folder.resolve("p.jsonl");
        Files.writeString(lines, "{\"text\": \"" + TEXT + "\"}\n[1]\n");
        assertFails(
                3,
                lines
                        + ", line 2 is no JSON object with a \"text\"; expected one such as"
                        + " {\"text\": \"It was\"}.",
                "demo",
                "--prompts",
                lines.toString(),
                "--length",
                "8");
    }

    @Test
    void theTableNamesTheSinkTokensAndTheRate() {
        CommandRun result = run("demo", "--text", TEXT);
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().findFirst().orElse("")).startsWith("head");
        assertThat(result.out()).contains("Sink rate at token 0: ").contains("epsilon 0.3");
    }

    @Test
    void wrongUsageIsSaidInOneSentence() {
        assertFails(
                2,
                "--calibrate is \"act\"; expected act-code or act-paper.",
                "demo",
                "--calibrate",
                "act");
        assertFails(
                2,
                "--heads: \"two\" is no head; expected names such as L2H1,L2H3, or all.",
                "demo",
                "--calibrate",
                "act-code",
                "--heads",
                "L1H1,two");
        assertFails(
                2,
                "--window and --first belong to --evict; give that too.",
                "demo",
                "--window",
                "64");
        assertFails(
                2,
                "A cache of 4 keys cannot keep the first 4; expected at least 1 first key, and a"
                        + " window larger than that.",
                "demo",
                "--evict",
                "--window",
                "4",
                "--first",
                "4");
    }
}
