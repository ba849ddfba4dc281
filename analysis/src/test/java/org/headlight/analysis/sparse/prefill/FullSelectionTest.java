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
                    Map.entry("a-shape", Map.of("window", "100000")));

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "63, 4, 2", "64, 3, 1", "65, 2, 2", "130, 4, 1", "300, 4, 2"})
    void everyPolicyThatKeepsEverythingIsDense(int tokens, int heads, int keyHeads) {
        SparseCase random = SparseCase.random(heads, keyHeads, tokens, 16, tokens);
        for (Policy policy : PrefillPolicies.all()) {
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
