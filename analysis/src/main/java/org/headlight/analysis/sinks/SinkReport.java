package org.headlight.analysis.sinks;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.token.Token;

import java.util.List;

/**
 * The received mass of every head over one text. Thresholds are applied when something is asked, so
 * that they can be changed without another sweep.
 *
 * @param tokens of the text
 * @param heads site by site, then by head
 */
public record SinkReport(List<Token> tokens, List<HeadReceived> heads) {
    public SinkReport {
        tokens = List.copyOf(tokens);
        heads = List.copyOf(heads);
    }

    /** The heads of self-attention: those that the sink rate is over. */
    public List<HeadReceived> selfHeads() {
        return heads.stream().filter(head -> head.kind() == SiteKind.SELF).toList();
    }

    /**
     * The sink rate at each key position, 0 to 1: the share of the heads of self-attention whose
     * received mass is above epsilon there (Sink_k of arXiv 2410.10781 for one text). Falls as
     * texts grow longer, so compare equal lengths only.
     */
    public double[] rate(double epsilon) {
        List<HeadReceived> self = selfHeads();
        int keys = self.stream().mapToInt(head -> head.received().keys()).max().orElse(0);
        double[] rate = new double[keys];
        for (HeadReceived head : self) {
            for (int key = 0; key < head.received().keys(); key++) {
                rate[key] += head.received().of(key) > epsilon ? 1.0 / self.size() : 0;
            }
        }
        return rate;
    }

    /** The mean over the heads of self-attention of what each key receives, [N]. */
    public float[] meanReceived() {
        List<HeadReceived> self = selfHeads();
        int keys = self.stream().mapToInt(head -> head.received().keys()).max().orElse(0);
        double[] sum = new double[keys];
        for (HeadReceived head : self) {
            for (int key = 0; key < head.received().keys(); key++) {
                sum[key] += head.received().of(key);
            }
        }
        float[] mean = new float[keys];
        for (int key = 0; key < keys; key++) {
            mean[key] = (float) (sum[key] / self.size());
        }
        return mean;
    }
}
