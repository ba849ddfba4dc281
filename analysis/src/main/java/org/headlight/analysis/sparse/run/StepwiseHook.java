package org.headlight.analysis.sparse.run;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.cut.SiteAttend;
import org.headlight.engine.cut.SiteCall;
import org.headlight.engine.cut.SiteHook;

/** Dense attention, timed: the prompt at once, the continuation query by query. */
final class StepwiseHook implements SiteHook {
    private static final double MILLIS = 1e-6;

    private final int prompt;
    private long nanoseconds;
    private long decoding;
    private long bytes;

    /**
     * @param prompt tokens that are computed at once
     */
    StepwiseHook(int prompt) {
        this.prompt = prompt;
    }

    @Override
    public void attend(SiteCall site, SiteAttend kernels, AttentionOutput output) {
        AttentionInput input = site.input();
        int rows = input.q().rows();
        boolean steps = site.kind() == SiteKind.SELF && rows == input.k().rows() && prompt < rows;
        if (!steps) {
            kernels.attend(input, Selection.dense(), output);
            count(output);
            return;
        }
        AttentionOutput early = rows(output, 0, prompt);
        kernels.attend(input.part(0, prompt, prompt), Selection.dense(), early);
        count(early);
        AttentionOutput late = rows(output, prompt, rows);
        AttentionInput queries = input.part(prompt, rows, rows);
        kernels.attend(queries, Selection.stepwise(Selection.dense()), late);
        count(late);
        decoding += late.counters().nanoseconds();
    }

    private static AttentionOutput rows(AttentionOutput output, int from, int to) {
        HeadArray out = output.out().rows(from, to);
        return new AttentionOutput(out, new float[out.heads() * out.rows()]);
    }

    private void count(AttentionOutput output) {
        nanoseconds += output.counters().nanoseconds();
        bytes += output.counters().bytes();
    }

    /** What it took. */
    DenseSteps taken() {
        return new DenseSteps(nanoseconds * MILLIS, decoding * MILLIS, bytes);
    }
}
