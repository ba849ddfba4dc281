package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code headlight heads}: the probe, rollout and flow. */
class HeadsCommandTest {
    private static final String TEXT = "one two three one two three one two";

    private static CommandRun run(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of("heads", "demo"), Stream.of(args)).toArray(String[]::new));
    }

    private static String ids(int count) {
        return IntStream.range(0, count)
                .map(i -> i * i % 97 + 3)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    private static double[] numbers(JsonArray array) {
        return array.asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
    }

    @Test
    void theProbeFindsTheHeadsOfTheExampleThatMatchContent() {
        List<String> induction = new ArrayList<>();
        for (JsonElement element : run("--probe", "--json").json().getAsJsonArray("heads")) {
            JsonObject head = element.getAsJsonObject();
            JsonObject probe = head.getAsJsonObject("probe");
            assertThat(probe.get("rows").getAsInt()).isEqualTo(6 * 24);
            if (probe.get("induction").getAsDouble() > 0.5) {
                induction.add(head.get("name").getAsString());
            }
        }
        // The example was trained to copy; assets/docs/demo-model.md names the head.
        assertThat(induction).contains("L1H4");
    }

    @Test
    void theSameSeedIsTheSameProbe() {
        double[] once = previous("3");
        double[] again = previous("3");
        for (int head = 0; head < once.length; head++) {
            assertThat(again[head]).isCloseTo(once[head], within(1e-5));
        }
        assertThat(previous("4")).isNotEqualTo(once);
        run("--probe", "--text", TEXT)
                .assertFailed(
                        2,
                        "--probe makes its own text; leave out --text, --text-file, --tokens and"
                                + " --tokens-file.");
    }

    private static double[] previous(String seed) {
        return run("--probe", "--seed", seed, "--json")
                .json()
                .getAsJsonArray("heads")
                .asList()
                .stream()
                .mapToDouble(head ->
                        head.getAsJsonObject()
                                .getAsJsonObject("probe")
                                .get("previous")
                                .getAsDouble())
                .toArray();
    }

    @Test
    void rolloutOfOneTokenIsThatRowOfTheWhole() {
        JsonObject json =
                run("--text", TEXT, "--rollout", "--position", "5", "--every", "--json").json();
        assertThat(json.get("measure").getAsString()).isEqualTo("rollout");
        assertThat(json.get("position").getAsInt()).isEqualTo(5);
        double[] shares = numbers(json.getAsJsonArray("shares"));
        double[] row = numbers(json.getAsJsonArray("every").get(5).getAsJsonArray());
        double[] before =
                numbers(json.getAsJsonArray("rolloutBeforeLayer").get(0).getAsJsonArray());
        double sum = 0;
        for (int token = 0; token < shares.length; token++) {
            assertThat(shares[token]).isCloseTo(row[token], within(1e-5));
            assertThat(before[token]).isEqualTo(shares[token]);
            sum += shares[token];
        }
        assertThat(sum).isCloseTo(1, within(1e-4));
        assertThat(shares[6]).isZero();
    }

    @Test
    void flowSumsToOneAndFlowsOnlyFromWhatIsSeen() {
        JsonObject json = run("--text", TEXT, "--flow", "--json").json();
        assertThat(json.get("measure").getAsString()).isEqualTo("flow");
        double[] shares = numbers(json.getAsJsonArray("shares"));
        assertThat(IntStream.range(0, shares.length).mapToDouble(i -> shares[i]).sum())
                .isCloseTo(1, within(1e-9));
        JsonObject first = run("--text", TEXT, "--flow", "--position", "0", "--json").json();
        assertThat(numbers(first.getAsJsonArray("shares"))[0]).isCloseTo(1, within(1e-9));
    }

    @Test
    void theTableHasALineAToken() {
        CommandRun run = run("--tokens", "5,6,7", "--rollout", "--no-residual");
        assertThat(run.status()).isZero();
        assertThat(run.out().lines().toList()).hasSize(6);
        assertThat(run.out()).startsWith("Rollout to token 2 ");
        assertThat(run("--tokens", ids(50), "--rollout").out())
                .endsWith("The 40 tokens with the largest shares of 50; --json has all.\n");
    }

    @Test
    void aTextThatIsTooLongForFlowOrForAWholeMapIsRefused() {
        run("--tokens", ids(65), "--flow")
                .assertFailed(
                        3,
                        "Attention flow takes a maximum flow for each two tokens and the text has"
                                + " 65; take at most 64 tokens, or use rollout.");
        run("--tokens", ids(1025), "--rollout", "--every", "--json")
                .assertFailed(
                        3,
                        "Rollout of a whole map needs N x N numbers and the text has 1025 tokens;"
                                + " take at most 1024, or follow one position.");
        run("--tokens", "1,2,3", "--rollout", "--position", "7")
                .assertFailed(3, "There is no position 7 to follow; the text has tokens 0 to 2.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rollout --flow|--rollout and --flow are two measures; give one of them.",
                "--position=3|--position, --no-residual and --every belong to --rollout and --flow;"
                        + " give one of these too.",
                "--rollout --every|--every makes tokens x tokens numbers; give --json too.",
                "--probe --flow|--rollout and --flow follow tokens of a text; leave out --probe."
            })
    void whatDoesNotGoTogetherIsRefused(String options, String sentence) {
        run(options.split(" ", -1)).assertFailed(2, sentence);
    }
}
