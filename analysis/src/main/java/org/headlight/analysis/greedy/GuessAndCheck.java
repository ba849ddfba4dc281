package org.headlight.analysis.greedy;

import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Greedy decoding with a model that is run over prompt and response together, as changed models
 * are.
 *
 * <p>A step each would cost a run over the whole text. Instead the rest of the response is guessed
 * (at first the response of the unchanged model) and all guesses are checked by one run: as far as
 * they hold, they are what greedy decoding writes, and so is the first token that differs; the
 * run's own choices are the next guess (Jacobi decoding, Santilli et al. 2023, arXiv 2305.10427).
 * The tokens are those of decoding one by one, and never does it take more runs than tokens. The
 * logits of a token may not depend on later tokens.
 */
public final class GuessAndCheck {
    private final String stage;
    private final Reader reader;

    /** Reads a text. */
    @FunctionalInterface
    public interface Reader {

        /** Logits of the next token, one row a token: [N, vocabulary]. */
        Matrix logits(List<Token> tokens, Progress progress);
    }

    /**
     * A response.
     *
     * @param ids with the token that ended it
     * @param passes runs over the whole text
     */
    public record Written(List<Integer> ids, int passes) {}

    /**
     * @param stage what the runs are called while they last, such as "Masked"
     * @param reader runs the model
     */
    public GuessAndCheck(String stage, Reader reader) {
        this.stage = stage;
        this.reader = reader;
    }

    /**
     * Writes.
     *
     * @param guess what the response may be
     * @param most the most tokens that it has
     * @param ends whether a token ends it
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public Written write(
            List<Token> prompt,
            List<Integer> guess,
            int most,
            IntPredicate ends,
            Progress progress) {
        List<Integer> sure = new ArrayList<>();
        List<Integer> draft = List.copyOf(guess.subList(0, Math.min(guess.size(), most - 1)));
        for (int passes = 1; ; passes++) {
            progress.check();
            Progress run = part(progress, passes, prompt.size());
            run.at(0, "");
            List<Integer> read = new ArrayList<>(sure);
            read.addAll(draft);
            List<Integer> chosen = choices(prompt, read, run);
            int known = sure.size();
            while (known < chosen.size()) {
                int id = chosen.get(known);
                sure.add(id);
                if (ends.test(id) || sure.size() == most) {
                    return new Written(List.copyOf(sure), passes);
                }
                if (known >= read.size() || read.get(known) != id) {
                    break;
                }
                known++;
            }
            int next = sure.size();
            int last = Math.min(chosen.size(), most - 1);
            draft = next < last ? List.copyOf(chosen.subList(next, last)) : List.of();
        }
    }

    /** The first run is half of the work, and each after it half of what is left: few are many. */
    private Progress part(Progress whole, int pass, int tokens) {
        double done = 1 - Math.pow(0.5, pass - 1.0);
        Progress part = whole.part(done, done + Math.pow(0.5, pass));
        String words =
                String.format(Locale.ROOT, "%s: run %d over %,d tokens", stage, pass, tokens);
        return new Progress() {
            @Override
            public void at(double fraction, String inner) {
                part.at(fraction, words);
            }

            @Override
            public boolean cancelled() {
                return whole.cancelled();
            }
        };
    }

    /** The most probable token after the prompt and after each token of what was read. */
    private List<Integer> choices(List<Token> prompt, List<Integer> read, Progress progress) {
        List<Token> all = new ArrayList<>(prompt);
        for (int id : read) {
            all.add(new Token(all.size(), id, "#" + id, false));
        }
        Matrix logits = reader.logits(all, progress);
        float[] row = new float[logits.cols()];
        List<Integer> chosen = new ArrayList<>();
        for (int at = prompt.size() - 1; at < all.size(); at++) {
            logits.copyRows(at, at + 1, row, 0);
            int best = 0;
            for (int id = 1; id < row.length; id++) {
                best = row[id] > row[best] ? id : best;
            }
            chosen.add(best);
        }
        return chosen;
    }
}
