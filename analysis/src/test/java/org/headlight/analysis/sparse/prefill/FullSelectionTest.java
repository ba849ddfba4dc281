package org.headlight.analysis.sparse.prefill;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.SparseCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** With settings that keep every key, each policy gives what dense attention gives. */
class FullSelectionTest {
    private static final Map<String, Map<String, String>> ALL =
            Map.ofEntries(
                    Map.entry("xattention", Map.of("threshold", "1", "block", "64")),
                    Map.entry("vertical-slash", Map.of("verticals", "100000")),
                    Map.entry("mean-pool", Map.of("blocks", "65536")),
                    Map.entry("flexprefill", Map.of("budget", "100000")),
                    Map.entry("pbs", Map.of("threshold", "1", "block", "64", "segment", "128")),
                    Map.entry("anchor", Map.of("theta", "100", "block", "64", "step", "1")),
                    Map.entry("hip", Map.of("keep", "100000", "sink", "5", "window", "7")),
                    Map.entry("dhsa", Map.of("density", "1")),
                    Map.entry("infllm-v2", Map.of("blocks", "65536", "window", "0")),
                    Map.entry("lserve", Map.of("dense", "1")),
                    Map.entry("triangle", Map.of("dense", "0", "window", "100000")),
                    Map.entry("blasst", Map.of("a", "0")),
                    Map.entry("a-shape", Map.of("window", "100000")),
                    Map.entry("power", Map.of("window", "65536", "block", "64")),
                    Map.entry("s2", Map.of("local", "65536")),
                    Map.entry("oracle-blocks", Map.of("share", "1")),
                    Map.entry("seer-oracle", Map.of("threshold", "0")));

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "63, 4, 2", "64, 3, 1", "65, 2, 2", "130, 4, 1", "300, 4, 2"})
    void everyPolicyThatKeepsEverythingIsDense(int tokens, int heads, int keyHeads) {
        SparseCase random = SparseCase.random(heads, keyHeads, tokens, 16, tokens);
        for (Policy policy : PrefillPolicies.all()) {
            assertThat(ALL).containsKey(policy.info().name());
            Settings settings = Settings.standard(policy.info());
            for (var value : ALL.getOrDefault(policy.info().name(), Map.of()).entrySet()) {
                settings = settings.parsed(value.getKey(), value.getValue());
            }
            double difference =
                    SparseCase.difference(
                            random.output(random.plan(policy, settings)), random.dense());
            assertThat(difference).as(settings.toString()).isLessThan(1e-5);
        }
    }
}
