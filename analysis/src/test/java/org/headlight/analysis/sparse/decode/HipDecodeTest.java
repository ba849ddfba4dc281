package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

final class HipDecodeTest {
    private static Settings settings(String heads) {
        return Settings.standard(new HipDecodePolicy().info())
                .with("sink", 3)
                .with("window", 9)
                .with("chunk1", 32)
                .with("chunk2", 8)
                .with("chunk3", 2)
                .with("keep1", 96)
                .with("keep2", 32)
                .with("keep3", 12)
                .with("refresh1", 8)
                .with("refresh2", 4)
                .with("refresh3", 2)
                .with("dense", 0)
                .parsed("heads", heads);
    }

    private static double chunk(DecodeCase made, int head, int row, int from, int to) {
        if (to - from == 1) {
            return made.score(0, head, row, from);
        }
        double best = Double.NEGATIVE_INFINITY;
        while (to - from > 1) {
            int middle = (from + to) / 2;
            double a = made.score(0, head, row, (from + middle) / 2);
            double b = made.score(0, head, row, (middle + to) / 2);
            best = Math.max(best, Math.max(a, b));
            if (a > b) {
                to = middle;
            } else {
                from = middle;
            }
        }
        return best;
    }

    /** The best of some chunks; {@code head} below 0 for the largest scores of all heads. */
    private static List<Integer> stage(
            DecodeCase made,
            int head,
            int row,
            List<Integer> starts,
            int length,
            int end,
            int keep) {
        double[] scores = new double[starts.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Double.NEGATIVE_INFINITY;
            for (int h = 0; h < made.heads; h++) {
                if (head < 0 || h == head) {
                    int to = Math.min(end, starts.get(i) + length);
                    scores[i] = Math.max(scores[i], chunk(made, h, row, starts.get(i), to));
                }
            }
        }
        return DecodeCase.top(scores, scores.length, keep / length).stream()
                .mapToObj(starts::get)
                .toList();
    }

    private static List<Integer> split(List<Integer> starts, int from, int to, int end) {
        List<Integer> parts = new ArrayList<>();
        for (int start : starts) {
            for (int at = start; at < start + from && at < end; at += to) {
                parts.add(at);
            }
        }
        return parts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"together", "own"})
    void stagesNarrowChunksAndAreRefreshedInTurn(String heads) {
        for (DecodeCase made :
                List.of(DecodeCase.random(4, 1, 301, 260), DecodeCase.textLike(6, 1, 200, 170))) {
            BitSet[][] kept = made.kept(new HipDecodePolicy(), settings(heads));
            for (int head = 0; head < made.heads; head++) {
                int chooser = heads.equals("own") ? head : -1;
                List<Integer> one = List.of();
                List<Integer> two = List.of();
                List<Integer> three = List.of();
                int end = 0;
                for (int step = 0; step < made.steps(); step++) {
                    int row = made.prompt + step;
                    if (step % 8 == 0) {
                        end = row + 1 - 9;
                        List<Integer> all = split(List.of(3), end - 3, 32, end);
                        one = stage(made, chooser, row, all, 32, end, 96);
                    }
                    if (step % 4 == 0) {
                        two = stage(made, chooser, row, split(one, 32, 8, end), 8, end, 32);
                    }
                    if (step % 2 == 0) {
                        three = stage(made, chooser, row, split(two, 8, 2, end), 2, end, 12);
                    }
                    BitSet keys = new BitSet();
                    keys.set(0, 3);
                    for (int start : three) {
                        keys.set(start, Math.min(end, start + 2));
                    }
                    keys.set(Math.min(end, row + 1 - 9), row + 1);
                    assertThat(kept[head][step]).isEqualTo(keys);
                }
            }
        }
    }

    @Test
    void aChunkIsScoredByTheMiddleKeysOfItsHalves() {
        DecodeCase made = DecodeCase.random(8, 1, 70, 66);
        Steps steps = Steps.of(made.site(0), new HipDecodePolicy().info());
        ChunkScan scan = new ChunkScan(steps, 0, 1);
        // Of 4 keys 10 to 13: middles 11 and 13, then of the better half its two keys.
        double a = made.score(0, 0, 66, 11);
        double b = made.score(0, 0, 66, 13);
        double half = a > b ? made.score(0, 0, 66, 10) : made.score(0, 0, 66, 12);
        double most = Math.max(Math.max(a, b), half);
        assertThat(scan.score(0, 0, 10, 14) * 0.3).isCloseTo(most, within(1e-4));
    }
}
