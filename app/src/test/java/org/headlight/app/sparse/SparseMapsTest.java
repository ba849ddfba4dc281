package org.headlight.app.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.run.KeptRows;
import org.headlight.app.explore.MapShow;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.token.Token;
import org.headlight.viz.control.grid.HeadRef;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.BlockOverlay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** What a run lays over the map, against the map on show by plain loops. */
class SparseMapsTest {
    private final SparseFixture fixture = new SparseFixture(new DirectTaskRunner());
    private final SparseMaps maps = fixture.parts.maps();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static boolean[] kept(KeptRows rows, int row) {
        boolean[] kept = new boolean[rows.keys()];
        rows.runs(row, (start, end) -> Arrays.fill(kept, start, end, true));
        return kept;
    }

    @Test
    void maskSparseMapAndDifferenceFollowTheHeadOnShow() {
        fixture.openTheExample();
        List<Token> tokens = fixture.show(SparseFixture.TEXT);
        maps.setActive(true);
        assertThat(fixture.explore.dress().overlayProperty().get()).isNull();
        fixture.parts.sparse().run();
        fixture.explore.selectHead(new HeadRef(1, 2));
        KeptRows rows =
                fixture.parts
                        .sparse()
                        .runProperty()
                        .get()
                        .kept(HeadAddress.self(1, 2))
                        .orElseThrow();
        AttentionMap dense = fixture.explore.mapProperty().get();
        assertMask(tokens.size(), rows, dense);

        maps.viewProperty().set(SparseMaps.View.SPARSE);
        MapShow sparse = fixture.explore.dress().insteadProperty().get();
        assertThat(sparse).isNotNull();
        assertThat(sparse.signed()).isFalse();
        maps.viewProperty().set(SparseMaps.View.DIFFERENCE);
        MapShow difference = fixture.explore.dress().insteadProperty().get();
        assertThat(difference).isNotNull();
        assertThat(difference.signed()).isTrue();
        assertThat(difference.scale()).isPresent();
        for (int row = 0; row < tokens.size(); row++) {
            boolean[] kept = kept(rows, row);
            float[] was = dense.rowProfile(row);
            float[] now = sparse.map().rowProfile(row);
            float[] less = difference.map().rowProfile(row);
            double held = 0;
            for (int key = 0; key <= row; key++) {
                held += kept[key] ? was[key] : 0;
            }
            for (int key = 0; key <= row; key++) {
                double truth = kept[key] ? was[key] / held : 0;
                if (kept[key]) {
                    assertThat((double) now[key]).isCloseTo(truth, within(1e-4));
                } else {
                    assertThat(now[key]).isNaN();
                }
                assertThat((double) less[key]).isCloseTo(truth - was[key], within(1e-4));
            }
        }

        maps.maskProperty().set(false);
        assertThat(fixture.explore.dress().overlayProperty().get()).isNull();
        maps.setActive(false);
        assertThat(maps.noteProperty().get()).isEmpty();
    }

    private void assertMask(int n, KeptRows rows, AttentionMap dense) {
        BlockOverlay overlay = fixture.explore.dress().overlayProperty().get();
        assertThat(overlay).isNotNull();
        assertThat(overlay.queriesPerBlock()).isEqualTo(1);
        for (int row = 0; row < n; row++) {
            boolean[] kept = kept(rows, row);
            float[] p = dense.rowProfile(row);
            for (int key = 0; key < n; key++) {
                byte expected = BlockOverlay.NONE;
                if (key <= row && kept[key]) {
                    expected = BlockOverlay.KEPT;
                } else if (key <= row && Math.abs(p[key] - MapWork.COUNTS) > 1e-6) {
                    expected =
                            p[key] >= MapWork.COUNTS ? BlockOverlay.MISSED : BlockOverlay.SKIPPED;
                } else if (key <= row) {
                    continue;
                }
                assertThat(overlay.mark(row, key)).as("%d, %d", row, key).isEqualTo(expected);
            }
        }
    }

    @Test
    void aHeadThatStayedDenseSaysSo() {
        fixture.openTheExample();
        fixture.show(SparseFixture.TEXT);
        maps.setActive(true);
        fixture.parts.sparse().setup().scopeProperty().set(Scope.LAYER);
        fixture.parts.sparse().run();
        assertThat(maps.noteProperty().get()).isEmpty();
        fixture.explore.selectHead(new HeadRef(1, 0));
        assertThat(maps.noteProperty().get()).isEqualTo("This head stayed dense in the run.");
        assertThat(fixture.explore.dress().overlayProperty().get()).isNull();
    }
}
