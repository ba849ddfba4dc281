package org.headlight.analysis.sparse.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

class ChosenPositionsTest {
    private static final double[] APART = {};

    private static Settings settings(Policy policy, Object... values) {
        Settings settings = Settings.standard(policy.info());
        for (int i = 0; i < values.length; i += 2) {
            settings = settings.with((String) values[i], (Integer) values[i + 1]);
        }
        return settings;
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 130, 300})
    void settingsThatKeepEverythingAreDenseAttention(int tokens) {
        TurnedCase site = new TurnedCase(4, 2, tokens, 16, tokens);
        PolicySite all = site.site(0, Phase.PREFILL, 0, tokens);
        AttentionOutput dense = TurnedCase.dense(all);
        TurnedCase.same(
                site.output(new InfLlm(), settings(new InfLlm(), "local", tokens), 1, all),
                dense,
                1e-5);
        TurnedCase.same(
                site.output(new LongHeads(), settings(new LongHeads(), "length", 512), 1, all),
                dense,
                1e-5);
        PolicySite steps = site.site(1, Phase.DECODE, tokens - 9, tokens);
        TurnedCase.same(
                site.output(new LaCache(), settings(new LaCache(), "cache", tokens), 4, steps),
                TurnedCase.dense(steps),
                1e-5);
        TurnedCase.same(
                site.output(new InfLlm(), settings(new InfLlm(), "local", tokens), 1, steps),
                TurnedCase.dense(steps),
                1e-5);
    }

    // InfLLM

    private record Unit(int init, int local, int unit, int topk, int represent) {}

    /** The units that a block of queries [from, to) of a text chooses, by the rule, in doubles. */
    private static NavigableSet<Integer> units(TurnedCase site, Unit rule, int from, int to) {
        int stored = Math.max(0, from - rule.local - rule.init) / rule.unit;
        double[] relevance = new double[stored];
        for (int head = 0; head < site.heads; head++) {
            int keyHead = head * site.keyHeads / site.heads;
            double[] received = received(site, head, rule.local);
            double[] query = new double[site.width];
            for (int i = from; i < to; i++) {
                double[] far = TurnedCase.at(site.q[head][i], rule.local);
                for (int d = 0; d < site.width; d++) {
                    query[d] += far[d] / (to - from);
                }
            }
            for (int u = 0; u < stored; u++) {
                int begin = rule.init + u * rule.unit;
                List<Integer> tokens = new ArrayList<>();
                for (int j = begin; j < begin + rule.unit; j++) {
                    tokens.add(j);
                }
                tokens.sort((a, b) -> Double.compare(received[b], received[a]));
                int count = Math.min(rule.represent, rule.unit);
                for (int j : tokens.subList(0, count)) {
                    for (int d = 0; d < site.width; d++) {
                        relevance[u] += query[d] * site.k[keyHead][j][d] / count;
                    }
                }
            }
        }
        TreeSet<Integer> best = new TreeSet<>();
        while (best.size() < Math.min(rule.topk, stored)) {
            int next = -1;
            for (int u = 0; u < stored; u++) {
                if (!best.contains(u) && (next < 0 || relevance[u] > relevance[next])) {
                    next = u;
                }
            }
            best.add(next);
        }
        return best;
    }

    /** What keys receive from the queries whose window they are in, softmax over the window. */
    private static double[] received(TurnedCase site, int head, int local) {
        double[] received = new double[site.tokens];
        for (int i = 0; i < site.tokens; i++) {
            int query = i;
            double lse =
                    site.naive(head, i, (h, q, k) -> q - k < local ? new double[] {q, k} : APART)[
                            site.width];
            for (int j = Math.max(0, i - local + 1); j <= i; j++) {
                int key = j;
                double score =
                        site.naive(
                                        head,
                                        query,
                                        (h, q, k) -> k == key ? new double[] {q, k} : APART)[
                                site.width];
                received[j] += Math.exp(score - lse);
            }
        }
        return received;
    }

    private static double[] infLlm(TurnedCase site, Unit rule, int from, int to, int i, int j) {
        if (i - j < rule.local) {
            return new double[] {i, j};
        }
        int stored = Math.max(0, from - rule.local - rule.init) / rule.unit;
        boolean kept =
                j < rule.init
                        || j >= rule.init + stored * rule.unit
                        || units(site, rule, from, to).contains((j - rule.init) / rule.unit);
        return kept ? new double[] {rule.local, 0} : APART;
    }

    @Test
    void infLlmChoosesUnitsForBlocksOfQueriesAndSeesThemAtTheWindowsDistance() {
        TurnedCase site = new TurnedCase(4, 2, 150, 8, 21);
        Unit rule = new Unit(5, 24, 8, 3, 2);
        PolicySite all = site.site(0, Phase.PREFILL, 0, 150);
        Policy policy = new InfLlm();
        Settings settings =
                settings(
                        policy,
                        "init",
                        5,
                        "local",
                        24,
                        "unit",
                        8,
                        "topk",
                        3,
                        "represent",
                        2,
                        "block",
                        64);
        Plan plan = policy.start(settings, site.run(1, 150)).plan(all, Progress.NONE);
        NavigableSet<Integer> second = units(site, rule, 64, 128);
        NavigableSet<Integer> third = units(site, rule, 128, 150);
        for (int row : new int[] {0, 30, 63, 64, 100, 127, 128, 149}) {
            TreeSet<Integer> expected = new TreeSet<>();
            int from = row / 64 * 64;
            int stored = Math.max(0, from - 24 - 5) / 8;
            for (int j = 0; j <= row; j++) {
                NavigableSet<Integer> units = from == 64 ? second : third;
                int unit = Math.floorDiv(j - 5, 8);
                if (row - j < 24 || j < 5 || unit >= stored || units.contains(unit)) {
                    expected.add(j);
                }
            }
            assertThat(keys(plan, all, 1, row)).as("row %d", row).isEqualTo(expected);
        }
        TurnedCase few = site.shortened(100);
        PolicySite part = few.site(0, Phase.PREFILL, 0, 100);
        NavigableSet<Integer> chosen = units(few, rule, 64, 100);
        few.check(
                few.output(policy, settings, 1, part),
                part,
                (head, i, j) -> {
                    int unit = Math.floorDiv(j - 5, 8);
                    if (i - j < 24) {
                        return new double[] {i, j};
                    }
                    boolean kept = j < 5 || i < 64 || unit >= 4 || chosen.contains(unit);
                    return kept ? new double[] {24, 0} : APART;
                },
                3e-5);
    }

    @Test
    void infLlmChoosesForEachStepOfDecodingByItself() {
        TurnedCase site = new TurnedCase(2, 1, 90, 8, 22);
        Unit rule = new Unit(3, 16, 8, 2, 3);
        PolicySite steps = site.site(0, Phase.DECODE, 84, 90);
        Settings settings =
                settings(
                        new InfLlm(), "init", 3, "local", 16, "unit", 8, "topk", 2, "represent", 3);
        site.check(
                site.output(new InfLlm(), settings, 1, steps),
                steps,
                (head, i, j) -> infLlm(site, rule, i, i + 1, i, j),
                3e-5);
    }

    // LongHeads

    /** The chunks of a query by the rule, in doubles. */
    private static List<Integer> chunks(TurnedCase site, int chunk, int most, int head, int i) {
        int last = i / chunk;
        List<Integer> list = new ArrayList<>();
        if (last < most) {
            for (int c = 0; c <= last; c++) {
                list.add(c);
            }
            return list;
        }
        double[] score = new double[last];
        for (int c = 0; c < last; c++) {
            double[] key = chunkKey(site, chunk, head, c);
            for (int d = 0; d < site.width; d++) {
                score[c] += key[d] * site.q[head][i][d];
            }
        }
        TreeSet<Integer> best = new TreeSet<>(List.of(0, last - 1, last));
        while (best.size() < most) {
            int next = -1;
            for (int c = 1; c < last - 1; c++) {
                if (!best.contains(c) && (next < 0 || score[c] > score[next])) {
                    next = c;
                }
            }
            best.add(next);
        }
        return List.copyOf(best);
    }

    private static double[] chunkKey(TurnedCase site, int chunk, int head, int c) {
        int keyHead = head * site.keyHeads / site.heads;
        double[] feature = new double[site.width];
        double[][] local = new double[chunk][];
        for (int t = 0; t < chunk; t++) {
            local[t] = TurnedCase.at(site.k[keyHead][c * chunk + t], t);
        }
        for (int t = 0; t < chunk; t++) {
            double[] query = TurnedCase.at(site.q[head][c * chunk + t], t);
            double[] weights = softmax(query, local);
            for (int u = 0; u < chunk; u++) {
                for (int d = 0; d < site.width; d++) {
                    feature[d] += weights[u] * site.v[keyHead][c * chunk + u][d] / chunk;
                }
            }
        }
        double[] weights = softmax(feature, local);
        double[] key = new double[site.width];
        for (int u = 0; u < chunk; u++) {
            for (int d = 0; d < site.width; d++) {
                key[d] += weights[u] * local[u][d];
            }
        }
        return key;
    }

    private static double[] softmax(double[] query, double[][] keys) {
        double[] weights = new double[keys.length];
        double sum = 0;
        for (int u = 0; u < keys.length; u++) {
            double dot = 0;
            for (int d = 0; d < query.length; d++) {
                dot += query[d] * keys[u][d];
            }
            weights[u] = Math.exp(dot / Math.sqrt(query.length));
            sum += weights[u];
        }
        for (int u = 0; u < keys.length; u++) {
            weights[u] /= sum;
        }
        return weights;
    }

    @ParameterizedTest
    @CsvSource({"PREFILL, 0", "DECODE, 96"})
    void longHeadsLaysItsChunksOutWithoutGaps(Phase phase, int from) {
        TurnedCase site = new TurnedCase(4, 2, 106, 8, 31);
        PolicySite all = site.site(0, phase, from, 106);
        Settings settings = settings(new LongHeads(), "chunk", 8, "length", 40);
        List<List<List<Integer>>> lists = new ArrayList<>();
        for (int head = 0; head < 4; head++) {
            List<List<Integer>> own = new ArrayList<>();
            for (int i = 0; i < 106; i++) {
                own.add(chunks(site, 8, 5, head, i));
            }
            lists.add(own);
        }
        site.check(
                site.output(new LongHeads(), settings, 1, all),
                all,
                (head, i, j) -> {
                    List<Integer> list = lists.get(head).get(i);
                    int rank = list.indexOf(j / 8);
                    return rank < 0
                            ? APART
                            : new double[] {(list.size() - 1) * 8 + i % 8, rank * 8 + j % 8};
                },
                3e-5);
    }

    // LaCache

    @Test
    void theGoldenLadderDropsSlot5InEvenLayersAndSlot4InOddOnes() {
        for (int layer = 0; layer < 4; layer++) {
            Ladder ladder = new Ladder(layer, 4, 2, 0, 32, 4);
            for (int token = 0; token < 33; token++) {
                ladder.append(token);
            }
            ladder.compact();
            int dropped = layer % 2 == 0 ? 5 : 4;
            assertThat(ladder.held())
                    .containsExactly(IntStream.range(0, 33).filter(t -> t != dropped).toArray());
        }
    }

    @Test
    void wideLaddersShrinkNineToFiveWithPeriodFive() {
        for (int layer = 0; layer < 24; layer++) {
            Ladder ladder = new Ladder(layer, 24, 9, 7, 64, 4);
            assertThat(ladder.capacity()).isEqualTo(66);
            for (int token = 0; token < 67; token++) {
                ladder.append(token);
            }
            ladder.compact();
            List<Integer> expected = new ArrayList<>();
            for (int token = 0; token < 67; token++) {
                int inGroup = token - 4 - layer % 5;
                if (token < 4 || token >= 13 || (inGroup >= 0 && inGroup < 5)) {
                    expected.add(token);
                }
            }
            assertThat(Arrays.stream(ladder.held()).boxed().toList()).isEqualTo(expected);
        }
    }

    /** The rule on a list: groups of b slots keep a, the cursor moves by a, and begins anew. */
    private static List<Integer> held(int layer, int layers, int span, int cache, int query) {
        int b = 1 + (layers - span + span - 1) / span;
        int first = layer % b;
        List<Integer> list = new ArrayList<>();
        int cursor = 4;
        for (int token = 0; token <= query; token++) {
            list.add(token);
            if (token < query && list.size() > cache + (b - 1) / 2) {
                if (cache + (b - 1) / 2 - cursor - layers < b) {
                    cursor = 4;
                }
                for (int slot = b - 1; slot >= 0; slot--) {
                    if (slot != first) {
                        list.remove(/* index */ cursor + slot);
                    }
                }
                cursor++;
            }
        }
        return list;
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 2, 24", "3, 4, 2, 24", "5, 8, 2, 30", "1, 4, 1, 20"})
    void laCachePutsKeysAtTheirIndexInTheLayersCache(int layer, int layers, int span, int cache) {
        TurnedCase site = new TurnedCase(4, 2, 110, 8, layer);
        PolicySite steps = site.site(layer, Phase.DECODE, 90, 110);
        Settings settings = settings(new LaCache(), "span", span, "cache", cache);
        site.check(
                site.output(new LaCache(), settings, layers, steps),
                steps,
                (head, i, j) -> {
                    List<Integer> list = held(layer, layers, span, cache, i);
                    int index = list.indexOf(j);
                    return index < 0 ? APART : new double[] {list.size() - 1, index};
                },
                3e-5);
    }

    @Test
    void laCacheNeedsTwoLayersAndRoomBehindTheFirstTokens() {
        TurnedCase site = new TurnedCase(2, 1, 20, 8, 1);
        LaCache policy = new LaCache();
        assertThatThrownBy(() -> policy.start(policy.preset(20), site.run(1, 10)))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "LaCache keeps other tokens in other layers, and this model has one layer"
                                + " with attention; choose another policy.");
        Settings narrow = settings(policy, "cache", 8, "start", 8);
        assertThatThrownBy(() -> policy.start(narrow, site.run(4, 10)))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "LaCache has a cache of 8 and always keeps the first 8 tokens; the cache"
                                + " must be larger.");
    }

    // All of them

    static List<Policy> policies() {
        return PositionPolicies.all();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void whatAStepKeepsDoesNotDependOnLaterTokens(Policy policy) {
        TurnedCase site = new TurnedCase(4, 2, 140, 8, 6);
        TurnedCase before = site.shortened(131);
        Settings settings = policy.preset(140);
        PolicySite steps = site.site(1, Phase.DECODE, 120, 140);
        PolicySite fewer = before.site(1, Phase.DECODE, 120, 131);
        try (Planner planner = policy.start(settings, site.run(4, 120));
                Planner other = policy.start(settings, before.run(4, 120))) {
            Plan whole = planner.plan(steps, Progress.NONE);
            Plan part = other.plan(fewer, Progress.NONE);
            for (int row = 0; row < 11; row++) {
                assertThat(keys(part, fewer, 3, row))
                        .as("step %d", row)
                        .isEqualTo(keys(whole, steps, 3, row))
                        .contains(120 + row)
                        .hasSizeLessThan(121);
            }
        }
    }

    private static NavigableSet<Integer> keys(Plan plan, PolicySite site, int head, int row) {
        TreeSet<Integer> keys = new TreeSet<>();
        plan.kept()
                .orElseThrow()
                .runs(
                        Selection.Shape.of(site.input()),
                        head,
                        row,
                        (from, to) -> {
                            for (int key = from; key < to; key++) {
                                keys.add(key);
                            }
                        });
        return keys;
    }
}
