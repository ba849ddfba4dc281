package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.sparse.Phase;
import org.headlight.analysis.sparse.Plan;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.Unit;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What holds for every policy of decoding. */
final class DecodePoliciesTest {
    /** Settings that keep everything. */
    private static final Map<String, Map<String, Double>> WHOLE =
            Map.ofEntries(
                    Map.entry("recent", Map.of("window", 4096.0)),
                    Map.entry("h2o", Map.of("recent", 10.0)),
                    Map.entry("snapkv", Map.of("capacity", 4096.0)),
                    Map.entry("ada-snapkv", Map.of("capacity", 4096.0)),
                    Map.entry("prefixkv", Map.of("budget", 1.0, "distance", 0.0)),
                    Map.entry("quest", Map.of("budget", 4096.0, "dense", 0.0)),
                    Map.entry("lserve-pages", Map.of("budget", 4096.0)),
                    Map.entry("asynctls", Map.of("blocks", 4096.0, "tokens", 4096.0)),
                    Map.entry("tidal", Map.of("tokens", 4096.0)),
                    Map.entry("hip-decode", Map.of("sink", 4.0, "window", 8.0, "dense", 0.0)),
                    Map.entry("shared-blocks", Map.of("budget", 4096.0, "dense", 0.0)),
                    Map.entry("mustafar", Map.of("keys", 0.0, "values", 0.0)));

    private static final int LAYERS = 4;

    static Stream<Policy> policies() {
        return DecodePolicies.all().stream();
    }

    static Stream<Policy> listed() {
        return policies().filter(p -> p.info().unit() != Unit.ELEMENT && p.info().oneSoftmax());
    }

    static Stream<Policy> skipping() {
        return listed().filter(p -> p.info().unit() != Unit.NONE);
    }

    private static Settings whole(Policy policy) {
        Settings settings = Settings.standard(policy.info());
        for (var entry : WHOLE.getOrDefault(policy.info().name(), Map.of()).entrySet()) {
            settings = settings.with(entry.getKey(), entry.getValue());
        }
        return settings;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void keepingEverythingIsDenseAttention(Policy policy) {
        for (int tokens : new int[] {63, 64, 65, 130, 300}) {
            DecodeCase made = DecodeCase.random(tokens, LAYERS, tokens, tokens - 31).sunk();
            List<Plan> plans = made.plans(policy, whole(policy));
            for (int layer = 0; layer < LAYERS; layer++) {
                AttentionOutput sparse = made.attend(layer, plans.get(layer));
                AttentionOutput dense = made.attend(layer, new Plan.Selected(Selection.dense()));
                assertThat(sparse.out().values())
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(dense.out().values());
                assertThat(sparse.lse())
                        .usingComparatorWithPrecision(1e-5f)
                        .containsExactly(dense.lse());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("listed")
    void keysOfAStepDoNotDependOnLaterTokens(Policy policy) {
        int tokens = 260;
        int prompt = 170;
        int same = 230;
        DecodeCase one = DecodeCase.random(5, LAYERS, tokens, prompt);
        DecodeCase other = DecodeCase.random(5, LAYERS, tokens, prompt, same);
        Settings settings = policy.preset(tokens);
        List<Plan> ours = one.plans(policy, settings);
        List<Plan> theirs = other.plans(policy, settings);
        for (int layer = 0; layer < LAYERS; layer++) {
            BitSet[][] a = one.kept(ours.get(layer));
            BitSet[][] b = other.kept(theirs.get(layer));
            for (int head = 0; head < one.heads; head++) {
                for (int step = 0; step < same - prompt; step++) {
                    assertThat(a[head][step]).isEqualTo(b[head][step]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("listed")
    void everyStepKeepsAKeyThatItSees(Policy policy) {
        for (AttentionMask mask : List.of(AttentionMask.causal(0), AttentionMask.window(0, 20))) {
            for (int prompt : new int[] {1, 2, 90}) {
                DecodeCase made = DecodeCase.random(8, LAYERS, 120, prompt).masked(mask);
                for (Plan plan : made.plans(policy, policy.preset(120))) {
                    for (BitSet[] steps : made.kept(plan)) {
                        assertThat(steps).allMatch(keys -> !keys.isEmpty());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("skipping")
    void presetsSkipKeysOfShortTexts(Policy policy) {
        for (int tokens : new int[] {200, 1000}) {
            DecodeCase made = DecodeCase.textLike(3, LAYERS, tokens, tokens * 3 / 4);
            BitSet[][] kept = made.kept(policy, policy.preset(tokens));
            double cells = 0;
            double all = 0;
            for (int head = 0; head < made.heads; head++) {
                for (int step = 0; step < made.steps(); step++) {
                    cells += kept[head][step].cardinality();
                    all += made.prompt + step + 1;
                }
            }
            assertThat(cells / all).as("density at %d tokens", tokens).isBetween(0.01, 0.6);
        }
    }

    static Stream<Policy> choosing() {
        return policies().filter(p -> p.info().unit() != Unit.NONE);
    }

    @ParameterizedTest
    @MethodSource("choosing")
    void tokensThatSeeLaterOnesAreRefused(Policy policy) {
        DecodeCase made = DecodeCase.random(1, LAYERS, 20, 10).masked(AttentionMask.full(20));
        assertThatThrownBy(() -> made.plans(policy, policy.preset(20)))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        policy.info().title()
                                + " chooses among the tokens before each step, but in layer 0"
                                + " tokens see later ones; expected a model that writes from left"
                                + " to right.");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void presetsAreThePapersOnLongTexts(Policy policy) {
        assertThat(policy.preset(1 << 18)).isEqualTo(Settings.standard(policy.info()));
        assertThat(policy.info().claim()).endsWith(".").hasSizeGreaterThan(40);
        assertThat(policy.info().phase()).isEqualTo(Phase.DECODE);
    }
}
