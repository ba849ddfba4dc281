package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.app.input.MiniLm;
import org.headlight.assets.Assets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code headlight sparse} and {@code headlight policies} as a user gives them. */
class SparseCommandTest {
    private static final String TEXT =
            "The secret number of the gray castle is 4821. Anna went out into the garden and looked"
                    + " at the sky for a long time.\n"
                    + "Question: What is the secret number of the gray castle? Answer:";

    @TempDir private Path folder;

    private static CommandRun run(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of("sparse", "demo"), Stream.of(args)).toArray(String[]::new));
    }

    private static JsonObject json(String... args) {
        List<String> all = new ArrayList<>(List.of("--text", TEXT, "--json"));
        all.addAll(List.of(args));
        return run(all.toArray(String[]::new)).json();
    }

    private static double number(JsonObject json, String name) {
        return json.get(name).getAsDouble();
    }

    @Test
    void anEncoderHasNoNumbersOfNextTokens() throws IOException {
        String encoder = MiniLm.in(folder).toString();
        String[] all = {"sparse", encoder, "--text", TEXT, "--policy", "vertical-slash", "--json"};
        CommandRun causal = CommandRun.of(all);
        assertThat(causal.status()).isEqualTo(3);
        assertThat(causal.err()).contains("works on causal attention only");
        all[5] = "blasst";
        JsonObject json = CommandRun.of(all).json();
        assertThat(json.get("prompt")).isEqualTo(json.get("tokens"));
        for (String name : List.of("kl", "klLast", "top1Agreement", "lossDense", "lossRatio")) {
            assertThat(json.get(name).isJsonNull()).as(name).isTrue();
        }
        assertThat(number(json, "density")).isBetween(0.0, 1.0);
        CommandRun split =
                CommandRun.of(
                        "sparse",
                        encoder,
                        "--text",
                        TEXT,
                        "--policy",
                        "blasst",
                        "--prompt-tokens",
                        "5");
        assertThat(split.status()).isEqualTo(3);
        assertThat(split.err()).contains("looks at later tokens too, as encoders do");
        Path table = folder.resolve("points.csv");
        CommandRun foretold =
                CommandRun.of(
                        "frontier",
                        encoder,
                        "--text",
                        TEXT,
                        "--policies",
                        "blasst",
                        "--out",
                        table.toString(),
                        "--loss",
                        "kl");
        assertThat(foretold.status()).isEqualTo(3);
        assertThat(foretold.err())
                .contains(
                        "predicts no next token, so there is no kl to compare; use --loss output or"
                                + " --loss missed.");
        assertThat(table).doesNotExist();
    }

    @Test
    void aTableSaysThatAllIsRecalledWhereAllIsKept() {
        String table = run("--text", TEXT, "--policy", "recent", "--set", "window=4096").out();
        assertThat(table)
                .containsPattern("(?m)^recall +1 ")
                .containsPattern("(?m)^  lowest row +1 *$");
    }

    @Test
    void firstKeysAndAWindowAreWhatPlainLoopsOverDoublesSay() {
        int prompt = 30;
        JsonObject json =
                json(
                        "--policy",
                        "recent",
                        "--set",
                        "sink=2",
                        "--set",
                        "window=9",
                        "--prompt-tokens",
                        "" + prompt);
        NaiveSparseRun naive = new NaiveSparseRun(prompt, 2, 9);
        NaiveSparseRun.Logits logits = naive.run(TEXT);
        int tokens = json.get("tokens").getAsInt();
        assertThat(tokens).isEqualTo(logits.tokens());
        double visible = 0;
        for (int row = prompt; row < tokens; row++) {
            visible += row + 1;
        }
        double density = 11 * (tokens - prompt) / visible;
        assertThat(number(json, "density")).isCloseTo(density, within(1e-12));
        assertThat(number(json, "computed")).isGreaterThanOrEqualTo(density - 1e-9);
        JsonObject recall = json.getAsJsonObject("recall");
        assertThat(number(recall, "mean")).isCloseTo(naive.recall(), within(1e-5));
        assertThat(number(recall, "min")).isCloseTo(naive.least(), within(1e-5));
        assertThat(number(recall, "meanWithoutSink"))
                .isCloseTo(naive.recallWithoutSink(), within(1e-5));
        assertThat(number(recall, "p5")).isBetween(number(recall, "min"), number(recall, "mean"));
        assertThat(number(recall, "oracle")).isBetween(number(recall, "mean"), 1.0);
        assertThat(number(json, "outputError")).isCloseTo(naive.worst(), within(1e-4));
        assertThat(number(json, "kl")).isCloseTo(logits.kl(), within(1e-4));
        assertThat(number(json, "top1Agreement")).isCloseTo(logits.agreement(), within(1e-9));
        assertThat(number(json, "lossRatio")).isCloseTo(logits.lossRatio(), within(1e-4));
        assertThat(json.getAsJsonArray("heads")).hasSize(24);
        for (JsonElement head : json.getAsJsonArray("heads")) {
            assertThat(number(head.getAsJsonObject(), "density")).isCloseTo(density, within(1e-12));
        }
        assertThat(json.getAsJsonArray("layers")).hasSize(8);
        times(json, prompt);
    }

    /** Speed-ups and bytes of a policy that keeps 11 keys of each step. */
    private static void times(JsonObject json, int prompt) {
        int tokens = json.get("tokens").getAsInt();
        JsonObject time = json.getAsJsonObject("time");
        // Layers are of the very run that the totals are of.
        for (String part : List.of("select", "attend")) {
            double sum = 0;
            for (JsonElement layer : json.getAsJsonArray("layers")) {
                sum += number(layer.getAsJsonObject(), part);
            }
            assertThat(sum).as(part).isCloseTo(number(time, part), within(1e-6));
        }
        double total = number(time, "select") + number(time, "attend") + number(time, "rest");
        JsonObject steps = time.getAsJsonObject("denseSteps");
        double dense =
                number(time, "dense") - number(time, "denseAttend") + number(steps, "attend");
        assertThat(number(json, "speedup")).isCloseTo(dense / total, within(1e-9));
        assertThat(number(json, "decodeSpeedup"))
                .isCloseTo(number(steps, "decode") / number(time, "decode"), within(1e-9));
        assertThat(number(time, "decode"))
                .isBetween(0.0, number(time, "select") + number(time, "attend"));
        assertThat(number(steps, "decode")).isBetween(0.0, number(steps, "attend"));
        assertThat(number(time, "denseAttend")).isBetween(0.0, number(time, "dense"));
        assertThat(json.get("bytesRead").getAsLong()).isPositive();
        assertThat(json.get("denseBytesRead").getAsLong()).isPositive();
        // 4 layers of 6 heads of width 32: each step reads each of its keys and their values once.
        long all = 4L * 6 * 4 * 64;
        long step = 0;
        for (int row = prompt; row < tokens; row++) {
            step += row + 1;
        }
        assertThat(steps.get("bytesRead").getAsLong() - json.get("bytesRead").getAsLong())
                .isEqualTo(all * (step - 11L * (tokens - prompt)));
    }

    @Test
    void aWindowOverTheWholeTextIsDenseAndSaysSo() {
        JsonObject json = json("--policy", "recent", "--set", "window=5000");
        assertThat(json.get("degenerate").getAsBoolean()).isTrue();
        assertThat(number(json, "density")).isEqualTo(1);
        assertThat(number(json.getAsJsonObject("recall"), "mean")).isEqualTo(1);
        assertThat(number(json, "kl")).isCloseTo(0, within(1e-6));
        assertThat(number(json, "lossRatio")).isCloseTo(1, within(1e-5));
        assertThat(json.getAsJsonArray("warnings"))
                .extracting(JsonElement::getAsString)
                .containsExactly(
                        "Sink and window keeps everything at this length: what it ran is dense"
                                + " attention.");
    }

    @Test
    void aScaledPresetIsNamedWithThePapersValue() {
        JsonObject json = json("--policy", "recent");
        JsonObject policy = json.getAsJsonArray("policies").get(0).getAsJsonObject();
        int window = policy.getAsJsonObject("settings").get("window").getAsInt();
        assertThat(window).isLessThan(512);
        assertThat(policy.get("scaled").getAsBoolean()).isTrue();
        assertThat(json.getAsJsonArray("warnings"))
                .extracting(JsonElement::getAsString)
                .contains(
                        "Sink and window has a scaled preset, ours, for this length: window="
                                + window
                                + " (paper 512).");
    }

    @Test
    void onlyTheNamedHeadsAreSparse() {
        JsonObject json =
                json("--policy", "recent@L0,L2H1", "--policy", "quest@L2H4", "--set", "window=9");
        JsonArray heads = json.getAsJsonArray("heads");
        assertThat(heads)
                .extracting(
                        h -> h.getAsJsonObject().get("name").getAsString(),
                        h -> h.getAsJsonObject().get("policy").getAsString())
                .containsExactlyInAnyOrder(
                        tuple("L0H0", "recent"),
                        tuple("L0H1", "recent"),
                        tuple("L0H2", "recent"),
                        tuple("L0H3", "recent"),
                        tuple("L0H4", "recent"),
                        tuple("L0H5", "recent"),
                        tuple("L2H1", "recent"),
                        tuple("L2H4", "quest"));
        assertThat(json("--policy", "recent", "--layer", "1").getAsJsonArray("heads"))
                .extracting(h -> h.getAsJsonObject().get("layer").getAsInt())
                .containsOnly(1);
        assertThat(json("--policy", "recent", "--heads", "L1H2,L3H0").getAsJsonArray("heads"))
                .extracting(h -> h.getAsJsonObject().get("name").getAsString())
                .containsExactly("L1H2", "L3H0");
    }

    @Test
    void aNeedleOutsideTheWindowIsLostInEveryHead() {
        String[] band = {"--policy", "recent", "--set", "sink=1", "--set", "window=9"};
        JsonObject lost =
                json(Stream.concat(Stream.of(band), Stream.of("--needle", "4821"))
                                .toArray(String[]::new))
                        .getAsJsonObject("needle");
        assertThat(number(lost, "kept")).isZero();
        assertThat(lost.get("lostHeads").getAsInt()).isEqualTo(24);
        JsonObject all =
                json("--policy", "recent", "--set", "window=5000", "--needle", "4821")
                        .getAsJsonObject("needle");
        assertThat(number(all, "kept")).isEqualTo(1);
        assertThat(number(all, "mass")).isCloseTo(1, within(1e-6));
        assertThat(all.get("lostHeads").getAsInt()).isZero();
    }

    @Test
    void withoutAnOracleThereIsNoOracle() {
        JsonObject recall = json("--policy", "recent", "--no-oracle").getAsJsonObject("recall");
        assertThat(recall.get("oracle").isJsonNull()).isTrue();
        assertThat(recall.get("mean").isJsonNull()).isFalse();
    }

    @Test
    void peopleGetTables() {
        CommandRun run = run("--text", TEXT, "--policy", "recent", "--needle", "castle");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("recent (sink=4, window=")
                .contains(
                        "density", "loss ratio", "needle kept", "Speed-up ", "scaled preset, ours");
    }

    @Test
    void everyPolicyIsListedWithItsPaperAndWhatItMayClaim() {
        JsonArray policies = CommandRun.of("policies", "--json").json().getAsJsonArray("policies");
        assertThat(policies)
                .extracting(p -> p.getAsJsonObject().get("name").getAsString())
                .contains("recent", "h2o", "quest")
                .doesNotHaveDuplicates();
        for (JsonElement element : policies) {
            JsonObject policy = element.getAsJsonObject();
            assertThat(policy.get("paper").getAsString()).isNotBlank();
            assertThat(policy.get("claim").getAsString()).endsWith(".");
            assertThat(policy.get("phase").getAsString()).isIn("prefill", "decode", "both");
            assertThat(policy.get("honest").getAsString()).isIn("full", "surrogate", "oracle");
            for (JsonElement one : policy.getAsJsonArray("parameters")) {
                JsonObject parameter = one.getAsJsonObject();
                assertThat(parameter.get("meaning").getAsString()).isNotBlank();
                if (!parameter.has("choices")) {
                    assertThat(number(parameter, "default"))
                            .isBetween(number(parameter, "min"), number(parameter, "max"));
                }
            }
        }
        CommandRun table = CommandRun.of("policies");
        assertThat(table.out().lines()).hasSize(policies.size() + 2);
        assertThat(CommandRun.of("policies", "recent").out())
                .startsWith("Sink and window: ")
                .contains("First keys that every step keeps");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|There is no policy to run; name one with --policy NAME (headlight policies lists"
                        + " them).",
                "--policy recent --set depth=3|--set depth=3: recent has no setting depth; it has"
                        + " sink, window.",
                "--policy recent --set window=0|--set window=0: window of recent is 0; expected a"
                        + " whole number from 1 to 1048576.",
                "--policy recent --set window|--set window sets nothing; expected such as"
                        + " threshold=0.9.",
                "--policy recent@5|--policy recent@5: \"5\" names no heads; expected layers and"
                        + " heads such as L0,L2H1.",
                "--policy recent --layer 1 --heads L1H1|--layer and --heads both say which heads;"
                        + " give one of them.",
                "--policy recent --prompt-tokens 0|--prompt-tokens is 0; expected at least 1."
            })
    void wrongUsageIsOneSentence(String given, String sentence) {
        String[] args = given == null ? new String[0] : given.split(" ");
        run(args).assertFailed(2, sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--policy recent@L9|There is no L9 in {demo}: its layers with"
                        + " self-attention are 0, 1, 2, 3.",
                "--policy recent@L1H6|There is no head L1H6 in {demo}: layer 1 has heads 0"
                        + " to 5.",
                "--policy recent --needle zebra|The needle \"zebra\" is not in the text; give words"
                        + " as they stand there."
            })
    void whatTheModelOrTheTextHasNotIsBadInput(String given, String sentence) {
        List<String> args = new ArrayList<>(List.of("--text", TEXT));
        args.addAll(List.of(given.split(" ")));
        String demo = String.valueOf(new Assets().demoModelFolder().getFileName());
        run(args.toArray(String[]::new)).assertFailed(3, sentence.replace("{demo}", demo));
    }

    @Test
    void anUnknownPolicyIsSaidWithTheNamesThatThereAre() {
        CommandRun run = run("--policy", "sparsest");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("There is no policy \"sparsest\"; expected one of ")
                .contains("recent");
    }

    @Test
    void aCaptureIsNoModel() {
        Path capture = folder.resolve("c.safetensors");
        assertThat(
                        CommandRun.of(
                                        "capture",
                                        "demo",
                                        "--tokens",
                                        "1,2,3",
                                        "--out",
                                        capture.toString())
                                .status())
                .isZero();
        assertThat(Files.exists(capture)).isTrue();
        CommandRun.of("sparse", capture.toString(), "--policy", "recent")
                .assertFailed(
                        3,
                        capture
                                + " is a capture or dump, and a sparse run needs a model; give the"
                                + " model's folder or .onnx file.");
    }
}
