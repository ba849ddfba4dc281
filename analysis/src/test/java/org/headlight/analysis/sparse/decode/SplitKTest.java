package org.headlight.analysis.sparse.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

final class SplitKTest {

    @ParameterizedTest
    @CsvSource({
        "32, 4096, 128, 108",
        "1, 1, 64, 8",
        "3, 1000, 64, 7",
        "8, 65, 64, 16",
        "5, 0, 64, 4"
    })
    void workersGetEqualRunsThatCoverEveryTileOnce(int heads, int keys, int tile, int workers) {
        SplitK split = SplitK.lean(Collections.nCopies(heads, keys), tile, workers);
        covered(split, Collections.nCopies(heads, keys), tile);
        int[] work = new int[workers];
        for (SplitK.Piece piece : split.pieces()) {
            assertThat(piece.start()).isEqualTo(work[piece.worker()]);
            work[piece.worker()] = piece.end();
        }
        int total = heads * Math.ceilDiv(keys, tile);
        for (int tiles : work) {
            assertThat(tiles).isBetween(total / workers, Math.ceilDiv(total, workers));
        }
        assertThat(split.length()).isEqualTo(Math.ceilDiv(total, workers));
    }

    @Test
    void headsOfDifferentLengthsAreCutWhereAWorkersShareEnds() {
        SplitK split = SplitK.lean(List.of(300, 100, 0, 200), 100, 2);
        assertThat(split.pieces())
                .containsExactly(
                        new SplitK.Piece(0, 0, 0, 3, 0, 3),
                        new SplitK.Piece(1, 1, 0, 1, 0, 1),
                        new SplitK.Piece(1, 3, 0, 2, 1, 3));
        assertThat(split.occupancy()).isEqualTo(1);
    }

    @Test
    void equalPartsOfHeadsLeaveWorkersIdleWhereEqualRunsDoNot() {
        List<Integer> keys = Collections.nCopies(5, 800);
        SplitK fixed = SplitK.fixed(keys, 100, 4, 1);
        covered(fixed, keys, 100);
        assertThat(fixed.length()).isEqualTo(16);
        assertThat(fixed.occupancy()).isCloseTo(40 / 64.0, within(1e-12));
        assertThat(SplitK.lean(keys, 100, 4).length()).isEqualTo(10);
        covered(SplitK.fixed(List.of(730, 65, 0), 64, 3, 3), List.of(730, 65, 0), 64);
    }

    private static void covered(SplitK split, List<Integer> keys, int tile) {
        List<Integer> tiles = new ArrayList<>();
        for (SplitK.Piece piece : split.pieces()) {
            assertThat(piece.end() - piece.start()).isEqualTo(piece.toTile() - piece.fromTile());
            assertThat(piece.toTile()).isGreaterThan(piece.fromTile());
            for (int t = piece.fromTile(); t < piece.toTile(); t++) {
                tiles.add(piece.head() * 10_000 + t);
            }
        }
        List<Integer> expected = new ArrayList<>();
        for (int head = 0; head < keys.size(); head++) {
            for (int t = 0; t < Math.ceilDiv(keys.get(head), tile); t++) {
                expected.add(head * 10_000 + t);
            }
        }
        assertThat(tiles).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aStepsTimelineIsOverTheKeysThatItSees() {
        DecodeCase made = DecodeCase.random(1, 1, 100, 63);
        Settings settings =
                Settings.standard(new LeanPolicy().info()).with("tile", 16).with("workers", 3);
        SplitK split = LeanPolicy.timeline(made.site(0), 1, settings);
        assertThat(split.tiles()).isEqualTo(4 * 5);
        assertThat(LeanPolicy.timeline(made.site(0), 0, settings).tiles()).isEqualTo(4 * 4);
    }
}
