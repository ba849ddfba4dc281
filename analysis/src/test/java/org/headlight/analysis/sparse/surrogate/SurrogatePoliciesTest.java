package org.headlight.analysis.sparse.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Honesty;
import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Planner;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.position.TurnedCase;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;

class SurrogatePoliciesTest {

    static List<Policy> policies() {
        return SurrogatePolicies.all();
    }

    private static Settings settings(Policy policy, Object... values) {
        Settings settings = Settings.standard(policy.info());
        for (int i = 0; i < values.length; i += 2) {
            settings = settings.with((String) values[i], ((Number) values[i + 1]).doubleValue());
        }
        return settings;
    }

    private static Plan plan(TurnedCase site, Policy policy, Settings settings, PolicySite at) {
        try (Planner planner = policy.start(settings, site.run(2, at.to()))) {
            return planner.plan(at, Progress.NONE);
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

    // Twins in doubles

    private static double score(TurnedCase site, int head, int i, int j) {
        HeadArray q = site.whole.q();
        HeadArray k = site.whole.k();
        double dot = 0;
        for (int d = 0; d < site.width; d++) {
            dot +=
                    (double) q.values()[q.at(head, i) + d]
                            * k.values()[k.at(head * site.keyHeads / site.heads, j) + d];
        }
        return dot / Math.sqrt(site.width);
    }

    private static double meanScore(TurnedCase site, int head, int i, int from, int to) {
        double sum = 0;
        for (int j = from; j < to; j++) {
            sum += score(site, head, i, j);
        }
        return sum / (to - from);
    }

    private static double[] softmax(int count, IntToDoubleFunction score, IntPredicate seen) {
        double[] weights = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = seen.test(i) ? Math.exp(score.applyAsDouble(i)) : 0;
            sum += weights[i];
        }
        for (int i = 0; i < count && sum > 0; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** Takes the largest that are not taken, one after the other. */
    private static void take(Set<Integer> taken, int count, int most, IntToDoubleFunction score) {
        for (int n = 0; n < most; n++) {
            int best = -1;
            for (int i = 0; i < count; i++) {
                if (!taken.contains(i)
                        && (best < 0 || score.applyAsDouble(i) > score.applyAsDouble(best))) {
                    best = i;
                }
            }
            if (best >= 0) {
                taken.add(best);
            }
        }
    }

    private static double[] groupShares(TurnedCase site, int head, int i, int block) {
        int group = site.heads / site.keyHeads;
        int complete = (i + 1) / block;
        double[] sum = new double[complete];
        for (int h = head / group * group; h < head / group * group + group; h++) {
            int own = h;
            double[] shares =
                    softmax(
                            complete,
                            b -> meanScore(site, own, i, b * block, (b + 1) * block),
                            b -> true);
            for (int b = 0; b < complete; b++) {
                sum[b] += shares[b];
            }
        }
        return sum;
    }

    private static NavigableSet<Integer> keysOf(Set<Integer> blocks, int block, int window, int i) {
        TreeSet<Integer> keys = new TreeSet<>();
        for (int j = 0; j <= i; j++) {
            if (blocks.contains(j / block) || i - j < window) {
                keys.add(j);
            }
        }
        return keys;
    }

    private static double norm(TurnedCase site, int head, int j) {
        double sum = 0;
        for (double value : site.v[head * site.keyHeads / site.heads][j]) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    // All of them

    private static Settings everything(Policy policy, int tokens) {
        return switch (policy.info().name()) {
            case "nsa" -> settings(policy, "top", 400, "block", 8);
            case "nosa" -> settings(policy, "aware", 400, "block", 8);
            case "dma" -> settings(policy, "window", tokens);
            case "sea" -> settings(policy, "keys", tokens);
            case "superlinear" -> settings(policy, "root", 18);
            case "landmark" -> settings(policy, "block", tokens);
            case "sparsed" -> settings(policy, "block", 64, "share", 1);
            default -> throw new AssertionError(policy.info().name());
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 130, 300})
    void settingsThatKeepEverythingAreDenseAttention(int tokens) {
        TurnedCase site = new TurnedCase(4, 2, tokens, 16, tokens);
        PolicySite all = site.site(0, Phase.PREFILL, 0, tokens);
        AttentionOutput dense = TurnedCase.dense(all);
        for (Policy policy : SurrogatePolicies.all()) {
            TurnedCase.same(site.output(policy, everything(policy, tokens), 1, all), dense, 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyOneSaysThatItOnlyStandsIn(Policy policy) {
        assertThat(policy.info().honesty()).isEqualTo(Honesty.SURROGATE);
        assertThat(policy.info().claim()).containsAnyOf("not ", "without ", "where the method");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void presetsSkipSomethingAndKeepAKeyOfEveryQuery(Policy policy) {
        for (int tokens : new int[] {200, 1000}) {
            TurnedCase site = new TurnedCase(4, 2, tokens, 8, tokens);
            PolicySite all = site.site(0, Phase.PREFILL, 0, tokens);
            Plan plan = plan(site, policy, policy.preset(tokens), all);
            long kept = 0;
            for (int row = 0; row < tokens; row++) {
                Set<Integer> keys = keys(plan, all, 3, row).headSet(row + 1);
                assertThat(keys).as("row %d of %d", row, tokens).isNotEmpty();
                kept += keys.size();
            }
            assertThat(kept / (0.5 * tokens * (tokens + 1)))
                    .as("density at %d tokens", tokens)
                    .isBetween(0.02, 0.8);
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void whatAStepKeepsDoesNotDependOnLaterTokens(Policy policy) {
        if (!policy.info().phase().covers(Phase.DECODE)) {
            return;
        }
        TurnedCase site = new TurnedCase(4, 2, 140, 8, 6);
        TurnedCase before = site.shortened(131);
        PolicySite steps = site.site(1, Phase.DECODE, 120, 140);
        PolicySite fewer = before.site(1, Phase.DECODE, 120, 131);
        Plan whole = plan(site, policy, policy.preset(140), steps);
        Plan part = plan(before, policy, policy.preset(140), fewer);
        for (int row = 0; row < 11; row++) {
            assertThat(keys(part, fewer, 3, row))
                    .as("step %d", row)
                    .isEqualTo(keys(whole, steps, 3, row))
                    .contains(120 + row)
                    .hasSizeLessThan(121);
        }
    }

    // Each by itself

    @Test
    void nsaKeepsTheBlocksWhoseMeansAGroupAttendsToMost() {
        TurnedCase site = new TurnedCase(6, 2, 130, 8, 41);
        Settings settings = settings(new Nsa(), "block", 8, "top", 5, "first", 1, "window", 11);
        PolicySite all = site.site(0, Phase.PREFILL, 0, 130);
        PolicySite steps = site.site(0, Phase.DECODE, 120, 130);
        Plan plan = plan(site, new Nsa(), settings, all);
        Plan decode = plan(site, new Nsa(), settings, steps);
        for (int i = 0; i < 130; i++) {
            double[] shares = groupShares(site, 4, i, 8);
            Set<Integer> blocks = new TreeSet<>(Set.of(0));
            blocks.add(i / 8);
            take(blocks, i / 8, 5 - blocks.size(), b -> shares[b]);
            assertThat(keys(plan, all, 4, i)).as("row %d", i).isEqualTo(keysOf(blocks, 8, 11, i));
            if (i >= 120) {
                assertThat(keys(decode, steps, 4, i - 120)).isEqualTo(keys(plan, all, 4, i));
            }
        }
    }

    @Test
    void nosaTakesBlocksByTheirValuesFirstAndThenByTheQuery() {
        TurnedCase site = new TurnedCase(4, 2, 130, 8, 42);
        Settings settings =
                settings(
                        new Nosa(), "block", 8, "aware", 2, "agnostic", 3, "first", 1, "window", 9);
        PolicySite all = site.site(0, Phase.PREFILL, 0, 130);
        Plan plan = plan(site, new Nosa(), settings, all);
        for (int i = 0; i < 130; i++) {
            double[] shares = groupShares(site, 2, i, 8);
            Set<Integer> blocks = new TreeSet<>(Set.of(0));
            blocks.add(i / 8);
            int complete = (i + 1) / 8;
            take(
                    blocks,
                    complete,
                    3,
                    b -> {
                        double sum = 0;
                        for (int j = b * 8; j < b * 8 + 8; j++) {
                            sum += norm(site, 2, j);
                        }
                        return sum;
                    });
            take(blocks, complete, 2, b -> shares[b]);
            assertThat(keys(plan, all, 3, i)).as("row %d", i).isEqualTo(keysOf(blocks, 8, 9, i));
        }
    }

    @ParameterizedTest
    @CsvSource({"PREFILL, 0, 1", "DECODE, 100, 1", "PREFILL, 0, 4"})
    void dmaKeepsTheLongestValuesBeforeAGroup(Phase phase, int from, int smooth) {
        TurnedCase site = new TurnedCase(4, 2, 130, 8, 43);
        Settings settings = settings(new Dma(), "window", 20, "group", 16, "smooth", smooth);
        PolicySite at = site.site(0, phase, from, 130);
        Plan plan = plan(site, new Dma(), settings, at);
        for (int i = from; i < 130; i++) {
            int begin = phase == Phase.DECODE ? i : i / 16 * 16;
            Set<Integer> best = new TreeSet<>();
            take(best, begin, 20, j -> norm(site, 3, j));
            Set<Integer> expected = new TreeSet<>();
            for (int j = 0; j <= i; j++) {
                int block = j / smooth * smooth;
                long chosen = best.stream().filter(k -> k / smooth * smooth == block).count();
                boolean most = 2 * chosen > Math.min(begin, block + smooth) - block;
                if (j >= begin || most) {
                    expected.add(j);
                }
            }
            assertThat(keys(plan, at, 3, i - from).headSet(i + 1))
                    .as("row %d", i)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"PREFILL, 0", "DECODE, 90"})
    void seaKeepsTheLargestCellsOfAllHeadsTogether(Phase phase, int from) {
        TurnedCase site = new TurnedCase(4, 2, 100, 8, 44);
        PolicySite at = site.site(0, phase, from, 100);
        Plan plan = plan(site, new Sea(), settings(new Sea(), "columns", 16, "keys", 10), at);
        for (int i = from; i < 100; i++) {
            int row = i;
            int length = i + 1;
            int cells = Math.min(16, length);
            double[] means = new double[4 * cells];
            for (int head = 0; head < 4; head++) {
                int own = head;
                double[] p = softmax(length, j -> score(site, own, row, j), j -> true);
                for (int c = 0; c < cells; c++) {
                    int begin = c * length / cells;
                    int end = (c + 1) * length / cells;
                    for (int j = begin; j < end; j++) {
                        means[head * cells + c] += p[j] / (end - begin);
                    }
                }
            }
            Set<Integer> best = new TreeSet<>();
            take(best, 4 * cells, 4 * Math.max(1, 10 * cells / length), c -> means[c]);
            for (int head = 0; head < 4; head++) {
                Set<Integer> expected = new TreeSet<>(Set.of(i));
                for (int c = 0; c < cells; c++) {
                    for (int j = c * length / cells; j < (c + 1) * length / cells; j++) {
                        if (best.contains(head * cells + c)) {
                            expected.add(j);
                        }
                    }
                }
                assertThat(keys(plan, at, head, i - from))
                        .as("head %d, row %d", head, i)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void superlinearMixesSpansByTheScoresThatOpenedThem() {
        TurnedCase site = new TurnedCase(4, 2, 120, 8, 45);
        PolicySite all = site.site(0, Phase.PREFILL, 0, 120);
        Settings settings = settings(new Superlinear(), "root", 2, "spans", 3, "reach", 0.5);
        AttentionOutput output = site.output(new Superlinear(), settings, 1, all);
        for (int head = 0; head < 4; head++) {
            for (int i = 0; i < 120; i++) {
                double[] truth = superlinear(site, head, i);
                for (int d = 0; d < 8; d++) {
                    assertThat((double) output.out().values()[output.out().at(head, i) + d])
                            .as("head %d, row %d, channel %d", head, i, d)
                            .isCloseTo(truth[d], within(2e-5));
                }
            }
        }
    }

    /** Root 2 (so a window of 8), 3 spans, reach 0.5. */
    private static double[] superlinear(TurnedCase site, int head, int i) {
        TreeSet<Integer> anchors = new TreeSet<>();
        for (int t = 3; t <= (int) Math.floor(Math.sqrt(i + 1)) + 1; t++) {
            int anchor = Math.max(0, i - (t * t - 1));
            if (i - anchor >= 8) {
                anchors.add(anchor);
            }
        }
        List<Integer> list = new ArrayList<>(anchors);
        Set<Integer> best = new TreeSet<>();
        take(best, list.size(), 3, a -> score(site, head, i, list.get(a)));
        double[] gates =
                softmax(list.size(), a -> score(site, head, i, list.get(a)), best::contains);
        double[] result = new double[8];
        if (best.isEmpty()) {
            best.add(-1);
        }
        for (int a : best) {
            int anchor = a < 0 ? -1 : list.get(a);
            int begin = Math.max(0, anchor - (int) Math.ceil(0.5 * Math.sqrt(i + 1)));
            double[] p =
                    softmax(
                            i + 1,
                            j -> score(site, head, i, j),
                            j -> i - j < 8 || (j >= begin && j <= anchor));
            for (int j = 0; j <= i; j++) {
                for (int d = 0; d < 8; d++) {
                    result[d] += (a < 0 ? 1 : gates[a]) * p[j] * site.v[head / 2][j][d];
                }
            }
        }
        return result;
    }

    /** The weights of a query by the definition of the grouped softmax. */
    private static double[] landmark(TurnedCase site, int head, int i, int block, int top) {
        int old = i / block;
        Set<Integer> best = new TreeSet<>();
        take(best, old, top, b -> meanScore(site, head, i, b * block, (b + 1) * block));
        // The first group: own tokens, then one mean for each block.
        double[] first =
                softmax(
                        i + 1 + old,
                        n ->
                                n <= i
                                        ? score(site, head, i, n)
                                        : meanScore(
                                                site,
                                                head,
                                                i,
                                                (n - i - 1) * block,
                                                (n - i) * block),
                        n -> n <= i ? n >= old * block : best.contains(n - i - 1));
        double[] weights = Arrays.copyOf(first, i + 1);
        for (int b : best) {
            double[] inside = softmax(i + 1, j -> score(site, head, i, j), j -> j / block == b);
            for (int j = b * block; j < (b + 1) * block; j++) {
                weights[j] = first[i + 1 + b] * inside[j];
            }
        }
        return weights;
    }

    @ParameterizedTest
    @CsvSource({"PREFILL, 0, 3", "DECODE, 80, 3", "PREFILL, 0, 100"})
    void landmarkWeighsBlocksByTheirMeansAndWeightsSumToOne(Phase phase, int from, int top) {
        TurnedCase site = new TurnedCase(4, 2, 100, 8, 46);
        PolicySite at = site.site(0, phase, from, 100);
        AttentionOutput output =
                site.output(
                        new Landmark(), settings(new Landmark(), "block", 9, "top", top), 1, at);
        for (int head = 0; head < 4; head++) {
            for (int i = from; i < 100; i++) {
                double[] weights = landmark(site, head, i, 9, top);
                assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-12));
                for (int d = 0; d < 8; d++) {
                    double truth = 0;
                    for (int j = 0; j <= i; j++) {
                        truth += weights[j] * site.v[head / 2][j][d];
                    }
                    int place = output.out().at(head, i - from) + d;
                    assertThat((double) output.out().values()[place])
                            .as("head %d, row %d, channel %d", head, i, d)
                            .isCloseTo(truth, within(2e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "false, 50", "true, 0", "true, 50"})
    void sparseDChoosesBlocksOfPromptAndResponseApart(boolean causal, int generated) {
        int n = 130;
        TurnedCase site = new TurnedCase(4, 2, n, 8, 47);
        AttentionMask mask = causal ? AttentionMask.causal(0) : AttentionMask.full(n);
        PolicySite at = new PolicySite(0, Phase.PREFILL, site.whole.withMask(mask), 0, n);
        Settings settings =
                settings(new SparseD(), "block", 10, "share", 0.3, "generated", generated);
        Plan plan = plan(site, new SparseD(), settings, at);
        int prompt = (n - generated + 9) / 10;
        for (int row = 0; row < 13; row++) {
            double[] all = new double[13];
            double[] alone = new double[13];
            for (int i = row * 10; i < row * 10 + 10; i++) {
                int query = i;
                IntPredicate seen = j -> !causal || j <= query;
                double[] p = softmax(n, j -> score(site, 2, query, j), seen);
                double[] q =
                        softmax(
                                n,
                                j -> score(site, 2, query, j),
                                j -> seen.test(j) && j >= prompt * 10);
                for (int j = 0; j < n; j++) {
                    all[j / 10] += p[j];
                    alone[j / 10] += q[j];
                }
            }
            Set<Integer> best = new TreeSet<>();
            take(best, 13, (int) (0.3 * 13) + 1, b -> all[b]);
            best.removeIf(b -> b >= prompt);
            Set<Integer> later = new TreeSet<>();
            take(later, 13, (int) (0.3 * (13 - prompt)) + 1, b -> b < prompt ? -1 : alone[b]);
            later.removeIf(b -> b < prompt);
            best.addAll(later);
            int last = causal ? row : 13;
            best.removeIf(b -> b > last);
            Set<Integer> kept = new TreeSet<>();
            keys(plan, at, 2, row * 10 + 3).forEach(j -> kept.add(j / 10));
            assertThat(kept).as("block row %d", row).isEqualTo(best);
        }
    }
}
