package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.BitSet;
import java.util.stream.Stream;

/** Policies that drop keys for good, against their rules in plain loops. */
final class EvictionTest {

    static Stream<Policy> evicting() {
        return Stream.of(
                new RecentPolicy(),
                new H2oPolicy(),
                new SnapKvPolicy(),
                new AdaSnapKvPolicy(),
                new PrefixKvPolicy());
    }

    @ParameterizedTest
    @MethodSource("evicting")
    void aKeyThatIsDroppedNeverComesBack(Policy policy) {
        DecodeCase made = DecodeCase.random(17, 2, 220, 150);
        BitSet[][] kept = made.kept(policy, policy.preset(220));
        for (BitSet[] steps : kept) {
            for (int step = 1; step < steps.length; step++) {
                BitSet fresh = (BitSet) steps[step].clone();
                fresh.andNot(steps[step - 1]);
                BitSet own = new BitSet();
                own.set(made.prompt + step);
                assertThat(fresh).isEqualTo(own);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"kept, 0.1, 0.1", "full, 0.1, 0.1", "kept, 0, 0.3", "full, 0.25, 0.02"})
    void heavyHittersAreThoseOfTheSumsSoFar(String sums, double heavy, double recent) {
        Settings settings =
                Settings.standard(new H2oPolicy().info())
                        .with("heavy", heavy)
                        .with("recent", recent)
                        .parsed("sums", sums);
        for (DecodeCase made :
                new DecodeCase[] {
                    DecodeCase.random(4, 1, 130, 97), DecodeCase.textLike(6, 1, 200, 150)
                }) {
            BitSet[][] kept = made.kept(new H2oPolicy(), settings);
            for (int head = 0; head < made.heads; head++) {
                assertThat(kept[head]).isEqualTo(heavyHitters(made, head, settings));
            }
        }
    }

    private static BitSet[] heavyHitters(DecodeCase made, int head, Settings settings) {
        int heavy = (int) Math.rint(settings.real("heavy") * made.prompt);
        int recent = Math.max(1, (int) Math.rint(settings.real("recent") * made.prompt));
        double[] sums = new double[made.tokens];
        for (int row = 0; row < made.prompt; row++) {
            double[] p = made.softmax(0, head, row);
            for (int key = 0; key < sums.length; key++) {
                sums[key] += p[key];
            }
        }
        BitSet cache = DecodeCase.top(sums, made.prompt - recent, heavy);
        cache.set(made.prompt - recent, made.prompt);
        BitSet[] kept = new BitSet[made.steps()];
        for (int step = 0; step < kept.length; step++) {
            int row = made.prompt + step;
            cache.set(row);
            kept[step] = (BitSet) cache.clone();
            double[] p =
                    settings.choice("sums").equals("full")
                            ? made.softmax(0, head, row)
                            : made.softmax(0, head, row, cache);
            double[] left = new double[made.tokens];
            for (int key = 0; key <= row; key++) {
                sums[key] += cache.get(key) ? p[key] : 0;
                left[key] = cache.get(key) ? sums[key] : Double.NEGATIVE_INFINITY;
            }
            BitSet next = DecodeCase.top(left, row + 1 - recent, heavy);
            next.and(cache);
            next.set(row + 1 - recent, row + 1);
            cache = next;
        }
        return kept;
    }
}
