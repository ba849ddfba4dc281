package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.AttentionSite.SinkTerm;
import org.headlight.engine.capture.QkHead;

/** Reads the score without a key that each head of a site has. */
final class SinkReader {
    private final AttentionSite site;
    private float[] values = new float[0];

    SinkReader(AttentionSite site) {
        this.site = site;
    }

    /**
     * Takes the scores of a run; they are the same in every chunk.
     *
     * @throws SiteFailure when there is not one for each head
     */
    void accept(ScaleReader.Tensors tensors, int heads) {
        SinkTerm term = site.scores().sink();
        String name = term == null ? null : term.tensor();
        if (name == null) {
            return;
        }
        values = TensorValues.floats(name, tensors.get(name));
        if (values.length != heads) {
            throw new SiteFailure(
                    site.node(),
                    "its sink scores "
                            + name
                            + " are "
                            + values.length
                            + " numbers; expected one for each of "
                            + heads
                            + " heads");
        }
    }

    /** The score of a head; {@link QkHead#NO_SINK} when it has none. */
    float sink(int head) {
        SinkTerm term = site.scores().sink();
        if (term == null) {
            return QkHead.NO_SINK;
        }
        Float constant = term.constant();
        return constant == null ? values[head] : constant;
    }
}
