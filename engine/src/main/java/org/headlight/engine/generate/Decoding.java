package org.headlight.engine.generate;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.List;

/** A model in the middle of a text. Not for several threads. */
public interface Decoding extends AutoCloseable {

    /**
     * Reads tokens without asking what comes next.
     *
     * @throws org.headlight.engine.problem.CancelledException when the progress says so; of no
     *     further use then
     */
    void read(int[] ids, Progress progress);

    /**
     * Reads one token.
     *
     * @return the logits of what comes next, [V]; the caller's own
     * @throws org.headlight.engine.problem.CancelledException when the progress says so; the token
     *     counts as not read then
     * @throws StepFailure when the model cannot be run on it
     */
    float[] step(int id, Progress progress);

    /**
     * Reads the last token and ends.
     *
     * @param tokens all tokens that were read, this one included
     * @param responseFrom the first that is no prompt
     * @return the attention of all of them; the caller closes it
     */
    Capture end(int id, List<Token> tokens, int responseFrom, Progress progress);

    /**
     * Ends after a step that failed: reads these tokens anew.
     *
     * @param tokens those before the one that failed
     * @param responseFrom the first that is no prompt; 0 when all are
     * @return the attention of all of them; the caller closes it
     */
    Capture endBefore(List<Token> tokens, int responseFrom, Progress progress);

    @Override
    void close();
}
