package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.engine.task.WholeFile;
import org.junit.jupiter.api.Assumptions;
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
import java.util.List;
import java.util.stream.Stream;

/** {@code headlight rhythm} as a user gives it. */
class RhythmCommandTest {
    private static final String QUESTION =
            "The secret number of the gray castle is 4821.\nQuestion: What is the secret number of"
                    + " the gray castle? Answer:";

    @TempDir private Path folder;

    private static CommandRun run(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of("rhythm"), Stream.of(args)).toArray(String[]::new));
    }

    private static JsonObject vectors() throws IOException {
        Path file = Path.of("..", "..", "shared", "vectors", "analyses.json");
        Assumptions.assumeTrue(Files.exists(file), "the shared vectors are not there");
        return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    }

    /** The reference matrix as an .npy dump of one head. */
    private Path matrix7(JsonObject all) {
        JsonArray rows = all.getAsJsonArray("matrix7_logits_rows_causal");
        int n = rows.size();
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (7, 7), }";
        header += " ".repeat(64 - (10 + header.length() + 1) % 64) + "\n";
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + header.length() + 4 * n * n)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        for (int q = 0; q < n; q++) {
            JsonArray row = rows.get(q).getAsJsonArray();
            double sum = 0;
            for (JsonElement x : row) {
                sum += Math.exp(x.getAsDouble());
            }
            for (int k = 0; k < n; k++) {
                bytes.putFloat(k > q ? 0 : (float) (Math.exp(row.get(k).getAsDouble()) / sum));
            }
        }
        Path file = folder.resolve("m7.npy");
        WholeFile.write(
                file,
                channel -> {
                    bytes.flip();
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
        return file;
    }

    @Test
    void theReferenceMatrixAsADumpHasTheReferenceNumbers() throws IOException {
        JsonObject all = vectors();
        JsonObject expected = all.getAsJsonObject("row_metrics_on_matrix7");
        String file = matrix7(all).toString();
        JsonArray tokens = run(file, "--window", "2", "--json").json().getAsJsonArray("tokens");
        JsonArray waad = expected.getAsJsonArray("waad_W2");
        for (int t = 0; t < 7; t++) {
            JsonObject token = tokens.get(t).getAsJsonObject();
            assertThat(token.get("position").getAsInt()).isEqualTo(t);
            assertThat(token.get("waad").getAsDouble())
                    .isCloseTo(waad.get(t).getAsDouble(), within(1e-5));
            assertThat(token.get("entropy").isJsonNull()).isTrue();
        }
        JsonObject response =
                run(file, "--response-from", "2", "--horizon", "1:3", "--json").json();
        JsonArray fai = expected.getAsJsonArray("fai_R_2_to_6_lo1_hi3");
        for (int s = 2; s < 7; s++) {
            JsonElement found =
                    response.getAsJsonArray("tokens").get(s).getAsJsonObject().get("fai");
            assertThat(found.isJsonNull()).isEqualTo(fai.get(s - 2).isJsonNull());
            if (!found.isJsonNull()) {
                assertThat(found.getAsDouble())
                        .isCloseTo(fai.get(s - 2).getAsDouble(), within(1e-5));
            }
        }
        assertThat(response.getAsJsonArray("localHeads").get(0).getAsString()).isEqualTo("L0H0");
    }

    @Test
    void aWrittenResponseIsMeasuredWithItsEntropies() {
        JsonObject json =
                run("demo", "--text", QUESTION, "--max-tokens", "40", "--horizon", "3:20", "--json")
                        .json();
        int from = json.get("responseFrom").getAsInt();
        JsonArray tokens = json.getAsJsonArray("tokens");
        assertThat(tokens.size() - from).isEqualTo(40);
        assertThat(json.getAsJsonArray("localHeads").size()).isEqualTo(7);
        assertThat(json.getAsJsonArray("globalHeads").size()).isEqualTo(7);
        List<String> local =
                json.getAsJsonArray("localHeads").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList();
        // The model's card: these look at the previous token.
        assertThat(local).contains("L0H3", "L0H5");
        int preplan = 0;
        for (int t = 0; t < tokens.size(); t++) {
            JsonObject token = tokens.get(t).getAsJsonObject();
            assertThat(token.get("waad").isJsonNull()).isEqualTo(t < from);
            assertThat(token.get("entropy").isJsonNull()).isEqualTo(t < from);
            if (t >= from) {
                assertThat(token.get("waad").getAsDouble()).isBetween(0.0, 10.0);
                preplan += token.get("preplan").getAsBoolean() ? 1 : 0;
            }
        }
        assertThat(preplan).isEqualTo(16);
        JsonObject coupling = json.getAsJsonObject("coupling");
        assertThat(coupling.keySet())
                .contains("entropyAtWaadPeaks", "receiverPeaksGlobal", "faiPeaksAfterWaadPeaks");
        assertThat(coupling.get("shuffles").getAsInt()).isEqualTo(1000);
    }

    @Test
    void theSameCommandGivesTheSameNumbers() {
        String[] command = {
            "demo", "--text", QUESTION, "--response-from", "10", "--horizon", "2:9", "--json"
        };
        assertThat(run(command).out()).isEqualTo(run(command).out());
    }

    @Test
    void peopleGetATableAndTheSetsOfHeads() {
        CommandRun result =
                run("demo", "--text", QUESTION, "--response-from", "10", "--horizon", "2:9");
        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("WAAD").contains("local heads: L0H");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--window|0|The window W is 0; expected a whole number of tokens from 1.",
                "--horizon|9|\"9\" is no horizon; expected two distances in tokens, the nearer one"
                        + " first, such as 10:50 or 0:end.",
                "--strategy|best|--strategy is \"best\"; expected local, global or coupled.",
                "--layers|some|--layers is \"some\"; expected all or middle.",
                "--peaks|0.5|--peaks is \"0.5\"; expected local:0.5, top:0.2 or the like."
            })
    void wrongOptionsAreUsage(String option, String value, String sentence) {
        CommandRun result = run("demo", option, value);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith(sentence);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aResponseOutsideTheTextIsBadInput() {
        CommandRun result = run("demo", "--text", "one two", "--response-from", "99");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err()).startsWith("The response is to begin at token 99, but the text");
    }
}
