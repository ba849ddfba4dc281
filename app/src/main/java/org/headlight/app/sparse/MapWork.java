package org.headlight.app.sparse;

import org.headlight.analysis.sparse.run.KeptMask;
import org.headlight.analysis.sparse.run.KeptRows;
import org.headlight.analysis.sparse.run.MaskPicture;
import org.headlight.app.explore.MapShow;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.BlockOverlay;
import org.headlight.viz.raster.DifferenceMap;
import org.headlight.viz.raster.HeadMap;
import org.headlight.viz.raster.MapBuilder;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.Set;

/** Draws masks and maps in the background. Keeps nothing between calls. */
final class MapWork {
    /** The least share of its queries' probability that a cell left out must hold to be missed. */
    static final double COUNTS = 0.01;

    private static final int MOST_CELLS = 1024;
    private static final int LARGEST_BLOCK = 128;
    private static final double CLIPPED = 0.005;

    private final MapBuilder builder;
    private final SweepOptions sweep;

    /**
     * What is to be drawn.
     *
     * @param dense the head as it is
     * @param kept the keys that it kept
     * @param dropSink whether the first key is left out of the map
     * @param mask whether the mask is wanted
     */
    record Wanted(
            QkHead dense, KeptRows kept, SparseMaps.View view, boolean dropSink, boolean mask) {}

    /**
     * What comes of it.
     *
     * @param overlay null when it is not wanted
     * @param instead null for the head's own map
     */
    record Drawn(@Nullable BlockOverlay overlay, @Nullable MapShow instead) {}

    MapWork(MapBuilder builder, SweepOptions sweep) {
        this.builder = builder;
        this.sweep = sweep;
    }

    Drawn draw(Wanted wanted, Progress progress) {
        return new Drawn(
                wanted.mask() ? overlay(wanted.dense(), wanted.kept(), progress) : null,
                instead(wanted, progress));
    }

    private @Nullable MapShow instead(Wanted wanted, Progress progress) {
        Set<Integer> dropped = wanted.dropSink() ? Set.of(0) : Set.of();
        return switch (wanted.view()) {
            case DENSE -> null;
            case SPARSE -> {
                QkHead head = KeptMask.over(wanted.dense(), wanted.kept(), false);
                HeadMap map = builder.full(head, dropped, progress);
                yield new MapShow("sparse", map, Optional.empty(), false);
            }
            case DIFFERENCE -> {
                QkHead head = KeptMask.over(wanted.dense(), wanted.kept(), true);
                DifferenceMap map =
                        new DifferenceMap(
                                builder.full(head, dropped, progress),
                                builder.full(wanted.dense(), dropped, progress));
                yield new MapShow(
                        "sparse \u2212 dense", map, Optional.of(map.scale(CLIPPED)), true);
            }
        };
    }

    /** The mask as blocks: those that were chosen, or cells of one pair where they are not many. */
    BlockOverlay overlay(QkHead head, KeptRows kept, Progress progress) {
        int side = MaskPicture.sideFor(Math.max(head.rows(), head.cols()), MOST_CELLS);
        MaskPicture picture =
                MaskPicture.of(head, kept, side, sweep, progress).coarsest(LARGEST_BLOCK);
        byte[] marks = new byte[picture.rows() * picture.cols()];
        for (int row = 0; row < picture.rows(); row++) {
            for (int col = 0; col < picture.cols(); col++) {
                marks[row * picture.cols() + col] =
                        switch (picture.cell(row, col, COUNTS)) {
                            case NONE -> BlockOverlay.NONE;
                            case KEPT -> BlockOverlay.KEPT;
                            case SKIPPED -> BlockOverlay.SKIPPED;
                            case MISSED -> BlockOverlay.MISSED;
                        };
            }
        }
        return new BlockOverlay(picture.side(), picture.side(), picture.cols(), marks, null);
    }
}
