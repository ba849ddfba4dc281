package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.HeadArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;

/**
 * {@code headlight sparse} by a policy of each family against plain loops over doubles, and by
 * every policy there is.
 */
class SparseFamiliesTest {
    private static final String TEXT =
            "The secret number of the gray castle is 4821. Anna went out into the garden and looked"
                    + " at the sky for a long time. It was late, and the light of the windows fell"
                    + " on the grass. She thought of the letter in her hand, of the man who wrote"
                    + " it, and of the road that led down to the sea, where the boats lay.\n"
                    + "Question: What is the secret number of the gray castle? Answer: 4821";

    static List<Policy> policies() {
        return PolicyCatalog.standard().all();
    }

    private static double number(JsonObject json, String name) {
        return json.get(name).getAsDouble();
    }

    private static JsonObject run(int prompt, String policy, String... settings) {
        String[] args = new String[10 + 2 * settings.length];
        List<String> fixed =
                List.of(
                        "sparse",
                        "demo",
                        "--text",
                        TEXT,
                        "--json",
                        "--no-oracle",
                        "--prompt-tokens",
                        "" + prompt,
                        "--policy",
                        policy);
        for (int i = 0; i < 10; i++) {
            args[i] = fixed.get(i);
        }
        for (int i = 0; i < settings.length; i++) {
            args[10 + 2 * i] = "--set";
            args[11 + 2 * i] = settings[i];
        }
        return CommandRun.of(args).json();
    }

    /** Whether the command says what the loops say. */
    private static void same(JsonObject json, NaiveSparseRun naive, boolean recall) {
        NaiveSparseRun.Logits logits = naive.run(TEXT);
        assertThat(json.get("tokens").getAsInt()).isEqualTo(logits.tokens());
        assertThat(number(json, "density")).isCloseTo(naive.density(), within(1e-9));
        assertThat(number(json, "outputError")).isCloseTo(naive.worst(), within(1e-4));
        assertThat(naive.worst()).isGreaterThan(0.001);
        assertThat(number(json, "kl")).isCloseTo(logits.kl(), within(1e-4));
        assertThat(number(json, "top1Agreement")).isCloseTo(logits.agreement(), within(1e-9));
        assertThat(number(json, "lossRatio")).isCloseTo(logits.lossRatio(), within(1e-4));
        if (recall) {
            JsonObject shares = json.getAsJsonObject("recall");
            assertThat(number(shares, "mean")).isCloseTo(naive.recall(), within(1e-5));
            assertThat(number(shares, "min")).isCloseTo(naive.least(), within(1e-5));
            assertThat(number(shares, "meanWithoutSink"))
                    .isCloseTo(naive.recallWithoutSink(), within(1e-4));
        }
    }

    @Test
    void prefillFirstKeysAndAWindow() {
        int prompt = 80;
        JsonObject json = run(prompt, "a-shape", "sink=3", "window=12");
        NaiveSparseRun.Kept kept = (row, key) -> key < 3 || key > row - 12;
        same(
                json,
                new NaiveSparseRun(prompt, NaiveSparseRun.keeping(row -> row < prompt, kept)),
                true);
        assertThat(json.getAsJsonObject("time").get("denseSteps").isJsonNull()).isTrue();
    }

    /** Turns a row by positions, pairs (i, i + D / 2) as in Llama, base 10000. */
    private static double[] turned(HeadArray array, int head, int row, double shift) {
        int width = array.width();
        double[] turned = new double[width];
        for (int i = 0; i < width / 2; i++) {
            double angle = shift * Math.pow(10_000, -2.0 * i / width);
            double x = array.values()[array.at(head, row) + i];
            double y = array.values()[array.at(head, row) + i + width / 2];
            turned[i] = x * Math.cos(angle) - y * Math.sin(angle);
            turned[i + width / 2] = y * Math.cos(angle) + x * Math.sin(angle);
        }
        return turned;
    }

    @Test
    void otherPositionsHoldDistancesAtTheWindow() {
        int first = 5;
        int window = 20;
        JsonObject json = run(80, "lm-infinite", "first=" + first, "window=" + window);
        NaiveSparseRun.Rule rule =
                new NaiveSparseRun.Rule() {
                    @Override
                    public boolean acts(int row) {
                        return true;
                    }

                    @Override
                    public double[] scores(AttentionInput input, int head, int row) {
                        double[] scores = new double[row + 1];
                        Arrays.fill(scores, Double.NEGATIVE_INFINITY);
                        double[] query = turned(input.q(), head, row, window - row);
                        for (int key = 0; key <= row; key++) {
                            if (row - key < window) {
                                scores[key] = NaiveSparseRun.score(input, head, row, key);
                            } else if (key < first) {
                                double[] k = turned(input.k(), input.keyHead(head), key, -key);
                                double dot = 0;
                                for (int d = 0; d < k.length; d++) {
                                    dot += query[d] * k[d];
                                }
                                scores[key] = dot * input.scale();
                            }
                        }
                        return scores;
                    }
                };
        same(json, new NaiveSparseRun(80, rule), false);
        assertThat(json.getAsJsonObject("recall").get("mean").isJsonNull()).isTrue();
    }

    private static double[] softmax(int count, IntToDoubleFunction score) {
        double[] p = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            p[i] = Math.exp(score.applyAsDouble(i));
            sum += p[i];
        }
        for (int i = 0; i < count; i++) {
            p[i] /= sum;
        }
        return p;
    }

    /**
     * Blocks whose mean keys the heads of a group give most to, the first and the own among them.
     */
    private static Set<Integer> blocks(
            AttentionInput input, int head, int row, int block, int top) {
        int group = input.q().heads() / input.k().heads();
        int own = row / block;
        double[] shares = new double[(row + 1) / block];
        for (int h = head / group * group; h < head / group * group + group; h++) {
            int at = h;
            double[] p =
                    softmax(
                            shares.length,
                            b -> {
                                double sum = 0;
                                for (int key = b * block; key < (b + 1) * block; key++) {
                                    sum += NaiveSparseRun.score(input, at, row, key);
                                }
                                return sum / block;
                            });
            for (int b = 0; b < p.length; b++) {
                shares[b] += p[b];
            }
        }
        Set<Integer> taken = new TreeSet<>(Set.of(0));
        taken.add(own);
        while (taken.size() < Math.min(top, own + 1)) {
            int best = -1;
            for (int b = 0; b < own; b++) {
                boolean more = best < 0 || shares[b] > shares[best];
                best = !taken.contains(b) && more ? b : best;
            }
            taken.add(best);
        }
        return taken;
    }

    @Test
    void surrogateBlocksByTheirMeans() {
        int block = 8;
        int window = 12;
        JsonObject json = run(80, "nsa", "block=" + block, "top=4", "first=1", "window=" + window);
        NaiveSparseRun.Rule rule =
                new NaiveSparseRun.Rule() {
                    @Override
                    public boolean acts(int row) {
                        return true;
                    }

                    @Override
                    public double[] scores(AttentionInput input, int head, int row) {
                        Set<Integer> blocks = blocks(input, head, row, block, 4);
                        double[] scores = new double[row + 1];
                        for (int key = 0; key <= row; key++) {
                            boolean has = row - key < window || blocks.contains(key / block);
                            scores[key] =
                                    has
                                            ? NaiveSparseRun.score(input, head, row, key)
                                            : Double.NEGATIVE_INFINITY;
                        }
                        return scores;
                    }
                };
        same(json, new NaiveSparseRun(80, rule), true);
    }

    @Test
    void whatIsSkippedWhileItRunsIsADensityOfValues() {
        String text = String.join("\n", Collections.nCopies(6, TEXT));
        JsonObject all = skipping(text, "a=0");
        assertThat(number(all, "density")).isEqualTo(1);
        assertThat(number(all.getAsJsonObject("recall"), "mean")).isEqualTo(1);
        assertThat(all.get("degenerate").getAsBoolean()).isTrue();
        assertThat(number(all, "outputError")).isLessThan(1e-5);
        JsonObject some = skipping(text, "a=100000");
        assertThat(number(some, "density")).isBetween(0.1, 0.99);
        assertThat(number(some, "computed")).isEqualTo(number(all, "computed"));
        assertThat(number(some, "outputError")).isGreaterThan(1e-5);
        assertThat(number(some.getAsJsonObject("recall"), "mean")).isBetween(0.1, 0.99999);
        assertThat(some.get("degenerate").getAsBoolean()).isFalse();
    }

    private static JsonObject skipping(String text, String setting) {
        return CommandRun.of(
                        "sparse",
                        "demo",
                        "--text",
                        text,
                        "--json",
                        "--no-oracle",
                        "--policy",
                        "blasst",
                        "--set",
                        setting)
                .json();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyPolicyRunsOnTheExampleAndGivesNumbers(Policy policy) {
        String name = policy.info().name();
        JsonObject json =
                CommandRun.of(
                                "sparse",
                                "demo",
                                "--text",
                                TEXT.substring(0, 150),
                                "--json",
                                "--no-oracle",
                                "--policy",
                                name)
                        .json();
        for (String field : List.of("computed", "outputError", "kl", "lossRatio", "speedup")) {
            assertThat(number(json, field)).as(field).isNotNegative().isFinite();
        }
        assertThat(number(json, "top1Agreement")).isBetween(0.0, 1.0);
        JsonObject time = json.getAsJsonObject("time");
        for (String field : List.of("select", "attend", "rest", "decode", "denseAttend")) {
            assertThat(number(time, field)).as(field).isNotNegative().isFinite();
        }
        boolean decodes = policy.info().phase() != Phase.PREFILL;
        assertThat(time.get("denseSteps").isJsonNull()).isEqualTo(!decodes);
        assertThat(json.get("decodeSpeedup").isJsonNull()).isEqualTo(!decodes);
        assertThat(json.getAsJsonArray("heads"))
                .hasSize(policy.info().phase() == Phase.BOTH ? 48 : 24);
        for (JsonElement head : json.getAsJsonArray("heads")) {
            assertThat(number(head.getAsJsonObject(), "outputError")).isFinite().isNotNegative();
        }
    }
}
