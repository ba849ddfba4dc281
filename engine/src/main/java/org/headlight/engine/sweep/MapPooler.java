package org.headlight.engine.sweep;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.engine.task.Progress;

/**
 * Pools the maps of heads elsewhere than on the processor, where that is faster. What it does not
 * take, and what it fails at, a {@link Sweep} does.
 */
public interface MapPooler {

    /** Takes nothing: every map is made by sweeps on the processor. */
    MapPooler NONE =
            new MapPooler() {
                @Override
                public boolean takes(HeadAttention head) {
                    return false;
                }

                @Override
                public PooledMap pool(
                        QkHead head, Visibility visibility, PixelRows pixels, Progress progress) {
                    throw new IllegalStateException("nothing is pooled here");
                }

                @Override
                public String device() {
                    return "cpu";
                }
            };

    /** Whether it can pool the map of a head, which is large enough that this pays. */
    boolean takes(HeadAttention head);

    /**
     * Pools a map that it takes, from every row.
     *
     * @param pixels those of the level that is wanted
     * @throws CancelledException when the progress says so
     * @throws TooLargeException when there is not enough memory
     * @throws BadInputException when the device fails
     */
    PooledMap pool(QkHead head, Visibility visibility, PixelRows pixels, Progress progress);

    /** Where, as on the command line: "cuda:0". */
    String device();
}
