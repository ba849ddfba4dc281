package org.headlight.analysis.retrieval;

import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Greedy decoding with heads masked: they attend uniformly to the keys they see. The model runs in
 * pieces over prompt and response together, and masking decoding steps alone means masking the rows
 * from the last token of the prompt on: in a causal model no earlier row changes.
 *
 * <p>A step each would cost a run over the whole text. Instead the rest of the response is guessed
 * (at first the response without a mask) and all guesses are checked by one run: as far as they
 * hold, they are what greedy decoding writes, and so is the first token that differs; the run's own
 * choices are the next guess (Jacobi decoding, Santilli et al. 2023, arXiv 2305.10427). The tokens
 * are those of decoding one by one, and never does it take more runs than tokens.
 */
final class MaskedWriter {
    private final Model model;
    private final SeamHooks hooks;
    private final MaskPhase phase;

    MaskedWriter(Model model, List<HeadAddress> heads, MaskPhase phase) {
        this.model = model;
        this.phase = phase;
        this.hooks = SeamHooks.NONE.with(heads, HeadHook.uniform());
    }

    /**
     * A response.
     *
     * @param ids with the token that ended it
     * @param passes runs over the whole text
     */
    record Written(List<Integer> ids, int passes) {}

    /**
     * Writes.
     *
     * @param guess what the response may be
     * @param most the most tokens that it has
     * @param ends whether a token ends it
     */
    Written write(
            List<Token> prompt,
            List<Integer> guess,
            int most,
            IntPredicate ends,
            Progress progress) {
        SeamHooks masked = phase == MaskPhase.ALL ? hooks : laterThan(prompt.size() - 1);
        List<Integer> sure = new ArrayList<>();
        List<Integer> draft = List.copyOf(guess.subList(0, Math.min(guess.size(), most - 1)));
        for (int passes = 1; ; passes++) {
            progress.check();
            progress.at(-1, "Masked: run " + passes + " over " + prompt.size() + " tokens");
            List<Integer> read = new ArrayList<>(sure);
            read.addAll(draft);
            List<Integer> chosen = choices(prompt, read, masked, progress);
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

    private SeamHooks laterThan(int row) {
        SeamHooks later = SeamHooks.NONE;
        for (HeadAddress head : hooks.heads()) {
            later = later.with(head, HeadHook.fromRow(row, hooks.of(head).orElseThrow()));
        }
        return later;
    }

    /** The most probable token after the prompt and after each token of what was read. */
    private List<Integer> choices(
            List<Token> prompt, List<Integer> read, SeamHooks masked, Progress progress) {
        List<Token> all = new ArrayList<>(prompt);
        for (int id : read) {
            all.add(new Token(all.size(), id, "#" + id, false));
        }
        Matrix logits =
                model.run(all, masked, CutOutcome.Wanted.LOGITS, progress).logits().orElseThrow();
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
