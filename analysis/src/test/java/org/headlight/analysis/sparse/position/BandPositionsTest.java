package org.headlight.analysis.sparse.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyRun;
import org.headlight.analysis.sparse.PolicySite;
import org.headlight.analysis.sparse.Settings;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class BandPositionsTest {
    private static final double[] APART = {};

    private static Settings streaming(int sink, int window) {
        return Settings.standard(new StreamingLlm().info())
                .with("sink", sink)
                .with("window", window);
    }

    private static Settings infinite(int first, int window) {
        return Settings.standard(new LmInfinite().info())
                .with("first", first)
                .with("window", window);
    }

    /** The list of tokens in the cache, kept token by token, and where each sits in it. */
    private static double[] cached(int sink, int window, int query, int key) {
        List<Integer> cache = new ArrayList<>();
        for (int token = 0; token <= query; token++) {
            cache.add(token);
            if (cache.size() > sink + window) {
                cache.remove(/* index */ sink);
            }
        }
        int index = cache.indexOf(key);
        return index < 0 ? APART : new double[] {cache.size() - 1, index};
    }

    private static double[] lambda(int first, int window, int query, int key) {
        if (query - key < window) {
            return new double[] {query, key};
        }
        return key < first ? new double[] {window, 0} : APART;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 130, 300})
    void aWindowAsLongAsTheTextIsDenseAttention(int tokens) {
        TurnedCase site = new TurnedCase(4, 2, tokens, 16, tokens);
        PolicySite all = site.site(0, Phase.PREFILL, 0, tokens);
        TurnedCase.same(
                site.output(new StreamingLlm(), streaming(4, tokens), 1, all),
                TurnedCase.dense(all),
                1e-5);
        TurnedCase.same(
                site.output(new LmInfinite(), infinite(10, tokens), 1, all),
                TurnedCase.dense(all),
                1e-5);
    }

    @ParameterizedTest
    @CsvSource({"130, 4, 16", "65, 0, 7", "100, 1, 1", "70, 20, 33", "200, 4, 70"})
    void streamingPutsKeysAtTheirIndexInTheCache(int tokens, int sink, int window) {
        TurnedCase site = new TurnedCase(4, 2, tokens, 8, tokens);
        PolicySite all = site.site(0, Phase.PREFILL, 0, tokens);
        site.check(
                site.output(new StreamingLlm(), streaming(sink, window), 1, all),
                all,
                (head, query, key) -> cached(sink, window, query, key),
                2e-5);
    }

    @ParameterizedTest
    @CsvSource({"130, 10, 16", "65, 3, 7", "70, 30, 20", "200, 10, 70"})
    void lmInfiniteSeesTheFirstTokensAtTheWindowsDistance(int tokens, int first, int window) {
        TurnedCase site = new TurnedCase(6, 3, tokens, 8, tokens);
        PolicySite all = site.site(0, Phase.PREFILL, 0, tokens);
        site.check(
                site.output(new LmInfinite(), infinite(first, window), 1, all),
                all,
                (head, query, key) -> lambda(first, window, query, key),
                2e-5);
    }

    @Test
    void stepsOfDecodingAreTheRowsOfAPrefill() {
        TurnedCase site = new TurnedCase(4, 2, 90, 8, 3);
        PolicySite steps = site.site(0, Phase.DECODE, 70, 90);
        site.check(
                site.output(new StreamingLlm(), streaming(4, 20), 1, steps),
                steps,
                (head, query, key) -> cached(4, 20, query, key),
                2e-5);
        site.check(
                site.output(new LmInfinite(), infinite(5, 20), 1, steps),
                steps,
                (head, query, key) -> lambda(5, 20, query, key),
                2e-5);
    }

    @Test
    void aSinkLogitCountsOnce() {
        TurnedCase site = new TurnedCase(2, 1, 50, 8, 5);
        PolicySite all = new PolicySite(0, Phase.PREFILL, site.whole.withSinks(1f, -0.5f), 0, 50);
        TurnedCase.same(
                site.output(new StreamingLlm(), streaming(4, 46), 1, all),
                TurnedCase.dense(all),
                1e-5);
    }

    @Test
    void whatIsKeptIsTheSinkAndTheWindow() {
        TurnedCase site = new TurnedCase(2, 1, 40, 8, 5);
        PolicySite all = site.site(0, Phase.PREFILL, 0, 40);
        Plan plan =
                new StreamingLlm().start(streaming(3, 5), site.run(1, 40)).plan(all, Progress.NONE);
        List<String> runs = new ArrayList<>();
        plan.kept()
                .orElseThrow()
                .runs(
                        Selection.Shape.of(all.input()),
                        1,
                        20,
                        (from, to) -> runs.add(from + "-" + to));
        assertThat(runs).containsExactly("0-3", "16-21");
    }

    @Test
    void aModelWithoutRotaryPositionsIsRefusedInOneSentence() {
        PolicyRun run =
                new PolicyRun(
                        1,
                        List.of(),
                        9,
                        SweepOptions.standard(),
                        Optional.empty(),
                        Optional.empty());
        for (Policy policy : List.of(new StreamingLlm(), new LmInfinite())) {
            assertThatThrownBy(() -> policy.start(policy.preset(9), run))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            policy.info().title()
                                    + " gives keys other positions, which takes a model with rotary"
                                    + " positions; none were found in this one.");
        }
        Settings text = streaming(4, 8).parsed("positions", "text");
        TurnedCase site = new TurnedCase(2, 1, 40, 8, 5);
        PolicySite all = site.site(0, Phase.PREFILL, 0, 40);
        site.check(
                TurnedCase.output(
                        new StreamingLlm().start(text, run).plan(all, Progress.NONE), all),
                all,
                (head, query, key) ->
                        key < 4 || query - key < 8 ? new double[] {query, key} : APART,
                2e-5);
    }

    @Test
    void aSiteThatLooksBothWaysIsRefused() {
        TurnedCase site = new TurnedCase(2, 1, 40, 8, 5);
        PolicySite both =
                new PolicySite(
                        3, Phase.PREFILL, site.whole.withMask(AttentionMask.full(40)), 0, 40);
        assertThatThrownBy(() -> site.output(new StreamingLlm(), streaming(4, 8), 4, both))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "Head 0 of layer 3 also looks at later tokens; StreamingLLM works on causal"
                                + " attention only, so choose another policy for this model.");
    }
}
