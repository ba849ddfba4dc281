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
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** {@code headlight retrieval} as a user gives it. */
class RetrievalCommandTest {
    @TempDir private Path folder;

    private static CommandRun run(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of("retrieval"), Stream.of(args)).toArray(String[]::new));
    }

    private String kept() {
        return folder.resolve("kept").toString();
    }

    private static Map<String, JsonObject> heads(JsonObject json) {
        Map<String, JsonObject> heads = new HashMap<>();
        for (JsonElement head : json.getAsJsonArray("heads")) {
            heads.put(head.getAsJsonObject().get("name").getAsString(), head.getAsJsonObject());
        }
        return heads;
    }

    private static double score(Map<String, JsonObject> heads, String name) {
        return Objects.requireNonNull(heads.get(name)).get("score").getAsDouble();
    }

    private Map<Path, FileTime> files() throws IOException {
        Map<Path, FileTime> files = new HashMap<>();
        try (Stream<Path> all = Files.list(folder.resolve("kept"))) {
            for (Path file : all.toList()) {
                files.put(file, Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    /** The example's card names its retrieval heads; masking them loses the answers. */
    @Test
    void theExamplesRetrievalHeadsAreFoundAndTheAnswersNeedThem() throws IOException {
        String[] args = {
            "demo",
            "--lengths",
            "200,400",
            "--depths",
            "10,60",
            "--mask",
            "top:3,random:3",
            "--evidence",
            "--json",
            "--resume",
            kept()
        };
        JsonObject json = run(args).json();
        assertThat(json.get("trials").getAsInt()).isEqualTo(12);
        assertThat(json.get("succeeded").getAsInt()).isGreaterThanOrEqualTo(10);
        Map<String, JsonObject> heads = heads(json);
        assertThat(heads).hasSize(24);
        assertThat(score(heads, "L2H4")).isGreaterThan(0.3);
        assertThat(score(heads, "L0H3")).isLessThan(0.05);
        assertThat(json.getAsJsonArray("grid")).hasSize(4);
        JsonArray masked = json.getAsJsonArray("masked");
        double top = masked.get(0).getAsJsonObject().get("recall").getAsDouble();
        double random = masked.get(1).getAsJsonObject().get("recall").getAsDouble();
        assertThat(top).isLessThan(json.get("recall").getAsDouble() - 0.2);
        assertThat(random).isGreaterThan(top);
        fromTheEvidence(json, heads);

        // again: everything is taken from the folder, and the document is the same
        Map<Path, FileTime> before = files();
        assertThat(before).hasSize(12 + 24);
        assertThat(run(args).json()).isEqualTo(json);
        assertThat(files()).isEqualTo(before);
    }

    /** The scores follow from the evidence, by the definition. */
    private static void fromTheEvidence(JsonObject json, Map<String, JsonObject> heads) {
        Map<String, Double> set = new HashMap<>();
        Map<String, Double> count = new HashMap<>();
        int succeeded = 0;
        for (JsonElement element : json.getAsJsonArray("evidence")) {
            JsonObject trial = element.getAsJsonObject();
            if (trial.get("recall").getAsDouble() <= 0.5) {
                continue;
            }
            succeeded++;
            int start = trial.get("needleStart").getAsInt();
            int end = trial.get("needleEnd").getAsInt();
            Map<String, List<Integer>> copied = new HashMap<>();
            for (JsonElement line : trial.getAsJsonArray("copies")) {
                JsonObject copy = line.getAsJsonObject();
                int step = copy.get("step").getAsInt();
                int token = copy.get("token").getAsInt();
                assertThat(copy.get("position").getAsInt()).isBetween(start, end - 1);
                assertThat(trial.getAsJsonArray("responseTokens").get(step).getAsInt())
                        .isEqualTo(token);
                copied.computeIfAbsent(copy.get("head").getAsString(), h -> new ArrayList<>())
                        .add(token);
            }
            copied.forEach((head, ids) ->
                    count.merge(head, (double) ids.size() / (end - start), Double::sum));
            copied.forEach((head, ids) -> {
                Set<Integer> different = new HashSet<>(ids);
                // the needles of the example have no token twice but for the first " the"
                set.merge(head, (double) different.size(), Double::sum);
            });
        }
        assertThat(succeeded).isEqualTo(json.get("succeeded").getAsInt());
        for (Map.Entry<String, JsonObject> head : heads.entrySet()) {
            double byCount = count.getOrDefault(head.getKey(), 0.0) / succeeded;
            assertThat(head.getValue().get("scoreCount").getAsDouble())
                    .isCloseTo(byCount, within(1e-9));
            boolean any = set.getOrDefault(head.getKey(), 0.0) > 0;
            assertThat(head.getValue().get("scoreSet").getAsDouble() > 0).isEqualTo(any);
        }
    }

    @Test
    void theNeedleOfAFileIsHiddenInTheTextOfAFile() throws IOException {
        Path needles = folder.resolve("n.jsonl");
        Files.writeString(
                needles,
                """
                {"needle": "The lucky number of the iron bridge is 7302.", \
                "question": "What is the lucky number of the iron bridge?", "answer": "7302", \
                "prompt": "{context}\\nQuestion: {question} Answer:"}
                """);
        Path text = Files.writeString(folder.resolve("t.txt"), "It rained. They slept. ".repeat(9));
        JsonObject json =
                run(
                                "demo",
                                "--needles",
                                needles.toString(),
                                "--haystack",
                                text.toString(),
                                "--lengths",
                                "0,120",
                                "--depths",
                                "50",
                                "--json",
                                "--fresh")
                        .json();
        assertThat(json.get("haystack").getAsString()).isEqualTo("t.txt");
        assertThat(json.getAsJsonArray("needles").get(0).getAsString()).isEqualTo("needle 1");
        assertThat(json.get("trials").getAsInt()).isEqualTo(2);
        assertThat(json.get("succeeded").getAsInt()).isEqualTo(2);
    }

    @Test
    void aTableForPeopleNamesHeadsAndShowsBothGrids() {
        CommandRun result =
                run("demo", "--lengths", "120", "--depths", "50", "--mask", "top:2", "--fresh");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .startsWith("3 of 3 trials succeeded (ROUGE-1 recall above 0.5)")
                .contains("score (set)", "L2H", "Recall, no mask: 1", "Recall, top:2 masked (L");
    }

    @Test
    void whereNothingIsAnsweredItSaysSoAndScoresAreNull() throws IOException {
        Path needles = folder.resolve("n.jsonl");
        Files.writeString(
                needles,
                """
                {"needle": "Xylophones hum.", "question": "Who?", "answer": "zebras or quagga"}
                """);
        CommandRun result =
                run(
                        "demo",
                        "--needles",
                        needles.toString(),
                        "--lengths",
                        "64",
                        "--depths",
                        "50",
                        "--max-tokens",
                        "4",
                        "--fresh",
                        "--json");
        assertThat(result.status()).isZero();
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "None of the 1 trials succeeded, so no head has a score; take shorter"
                                + " lengths, other needles, or a model that answers them.");
        JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
        assertThat(json.get("succeeded").getAsInt()).isZero();
        assertThat(heads(json).values().stream().allMatch(h -> h.get("score").isJsonNull()))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mask=best:3 | --mask best:3: expected top:K or random:K with a number of heads,"
                        + " such as top:5, or both with a comma between.",
                "--mask-phase=never | --mask-phase is \"never\"; expected decode or all.",
                "--score=mean | --score is \"mean\"; expected set or count.",
                "--lengths=many | \"many\" is no list of lengths; expected numbers such as 128,512,"
                        + " or from:to:count.",
                "--max-tokens=0 | The response is to have 0 tokens; expected at least 1.",
                "--success=1 | The recall of a success is 1.0; expected a number from 0 to less"
                        + " than 1, such as 0.5."
            })
    void wrongOptionsAreSaidBeforeTheModelIsOpened(String option, String sentence) {
        CommandRun result = run("demo", option);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err().lines().findFirst()).contains(sentence);
    }

    @Test
    void aNeedleLongerThanTheLengthIsBadInput() {
        CommandRun result = run("demo", "--lengths", "10", "--fresh");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .startsWith("The needle \"castle\" with its question has ")
                .contains("more than the length of 10; choose lengths of at least ");
    }

    @Test
    void aDepthThatIsNoPercentageIsWrongUsage() {
        CommandRun result = run("demo", "--lengths", "300", "--depths", "120", "--fresh");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("A depth is 120.0; expected a percentage from 0 to 100.");
    }

    @Test
    void anEncoderIsToldThatItOnlyReads() {
        Path encoder = Path.of("../../shared/models/moonshine-tiny/encoder_model.onnx");
        Assumptions.assumeTrue(Files.exists(encoder), encoder + " is not beside the repository");
        CommandRun result = run(encoder.toString(), "--fresh");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .isEqualToIgnoringNewLines(
                        "encoder_model.onnx cannot write text: it needs input_values, which tokens"
                                + " cannot give; open a decoder that reads text alone.");
    }
}
