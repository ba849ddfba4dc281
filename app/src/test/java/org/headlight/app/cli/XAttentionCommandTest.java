package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The command xattention: its numbers against its own tables, its refusals word for word. */
class XAttentionCommandTest {
    private static final String IDS =
            IntStream.range(0, 100)
                    .map(i -> i * i % 97 + 3)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(","));

    @TempDir Path folder;

    private static double cell(JsonObject head, String table, int row, int col) {
        return head.getAsJsonArray(table).get(row).getAsJsonArray().get(col).getAsDouble();
    }

    @Test
    void numbersFollowFromTheTablesThatItPrints() {
        JsonObject json =
                CommandRun.of(
                                "xattention",
                                "demo",
                                "--tokens",
                                IDS,
                                "--block",
                                "16",
                                "--stride",
                                "4",
                                "--threshold",
                                "0.7",
                                "--json",
                                "--masks")
                        .json();
        assertThat(json.get("block").getAsInt()).isEqualTo(16);
        assertThat(json.get("select").getAsString()).isEqualTo("minimal");
        JsonArray heads = json.getAsJsonArray("heads");
        assertThat(heads).hasSize(24);
        for (int i = 0; i < 24; i++) {
            JsonObject head = heads.get(i).getAsJsonObject();
            assertThat(head.get("layer").getAsInt()).isEqualTo(i / 6);
            assertThat(head.get("head").getAsInt()).isEqualTo(i % 6);
            check(head);
        }
    }

    private static void check(JsonObject head) {
        int chosen = 0;
        double held = 0;
        for (int row = 0; row < 7; row++) {
            double score = 0;
            double kept = 0;
            double mass = 0;
            for (int col = 0; col < 7; col++) {
                int in = (int) cell(head, "mask", row, col);
                chosen += in;
                score += cell(head, "blockSums", row, col);
                kept += in * cell(head, "blockSums", row, col);
                mass += cell(head, "trueSums", row, col);
                held += in * cell(head, "trueSums", row, col);
                assertThat(col > row ? in : 0).isZero();
            }
            int queries = row < 6 ? 16 : 4;
            assertThat(score).isCloseTo(queries / 4.0, within(1e-5));
            assertThat(mass).isCloseTo(queries, within(1e-4));
            assertThat(kept).isGreaterThanOrEqualTo(0.7 * score - 1e-6);
        }
        assertThat(head.get("density").getAsDouble()).isCloseTo(chosen / 28.0, within(1e-12));
        assertThat(head.get("recall").getAsDouble()).isCloseTo(held / 100, within(1e-5));
        assertThat(head.get("oracleRecall").getAsDouble())
                .isBetween(head.get("recall").getAsDouble(), 1.0);
        assertThat(head.get("rankCorrelation").getAsDouble()).isBetween(-1.0, 1.0);
    }

    @Test
    void aCaptureGivesWhatTheModelGives() {
        String file = folder.resolve("c.safetensors").toString();
        assertThat(CommandRun.of("capture", "demo", "--tokens", IDS, "--out", file).status())
                .isZero();
        JsonArray fromModel =
                CommandRun.of("xattention", "demo", "--tokens", IDS, "--block", "32", "--json")
                        .json()
                        .getAsJsonArray("heads");
        JsonArray fromFile =
                CommandRun.of("xattention", file, "--block", "32", "--json")
                        .json()
                        .getAsJsonArray("heads");
        assertThat(fromFile).hasSameSizeAs(fromModel);
        for (int i = 0; i < fromModel.size(); i++) {
            for (String key : List.of("density", "recall", "oracleRecall", "rankCorrelation")) {
                assertThat(fromFile.get(i).getAsJsonObject().get(key).getAsDouble())
                        .isCloseTo(
                                fromModel.get(i).getAsJsonObject().get(key).getAsDouble(),
                                within(1e-6));
            }
        }
    }

    @Test
    void everyHeadMayHaveItsOwnThreshold() {
        JsonObject json =
                CommandRun.of(
                                "xattention",
                                "demo",
                                "--tokens",
                                IDS,
                                "--block",
                                "16",
                                "--profile",
                                "--json")
                        .json();
        for (var element : json.getAsJsonArray("heads")) {
            JsonObject head = element.getAsJsonObject();
            assertThat(head.get("threshold").getAsDouble())
                    .isEqualTo(head.get("profileThreshold").getAsDouble());
        }
    }

    @Test
    void withoutJsonATableForPeopleIsPrinted() {
        CommandRun result = CommandRun.of("xattention", "demo", "--tokens", "1,2,3");
        assertThat(result.status()).isZero();
        assertThat(result.out().lines().findFirst().orElse(""))
                .contains("head", "density", "recall", "oracle", "rank corr");
        assertThat(result.out().lines().skip(2).findFirst().orElse("")).startsWith("L0H0");
    }

    @Test
    void aDumpOfProbabilitiesIsRefused() throws IOException {
        Path file = folder.resolve("p.npy");
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";
        byte[] text =
                (header + " ".repeat(117 - header.length()) + "\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + text.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) text.length).put(text);
        bytes.putFloat(1).putFloat(0).putFloat(0.5f).putFloat(0.5f);
        Files.write(file, bytes.array());
        CommandRun result = CommandRun.of("xattention", file.toString(), "--json");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().strip())
                .isEqualTo(
                        "This dump holds probabilities (2 x 2) and no queries and keys, which the"
                                + " antidiagonal scores are made of; open the model itself, a"
                                + " capture, or a dump with layers.N.q and layers.N.k.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --stride  | 7      | A stride of 7 does not go with blocks of 128 tokens; give one from 1 to 64 that divides 128, such as 8.
                    --select  | best   | --select is "best"; expected minimal or reference.
                    --variant | zigzag | --variant is "zigzag"; expected antidiagonal, diagonal or random.
                    --threshold | 0    | A threshold of 0.0 makes no sense; give a share above 0 and up to 1, such as 0.9.
                    """)
    void wrongOptionsSayWhatIsExpected(String option, String value, String sentence) {
        CommandRun result = CommandRun.of("xattention", "demo", option, value);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err().lines().findFirst().orElse("")).isEqualTo(sentence);
    }
}
