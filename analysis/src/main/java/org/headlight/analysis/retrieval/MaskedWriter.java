package org.headlight.analysis.retrieval;

import org.headlight.analysis.greedy.GuessAndCheck;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * Greedy decoding with heads masked: they attend uniformly to the keys they see. The model runs in
 * pieces over prompt and response together, and masking decoding steps alone means masking the rows
 * from the last token of the prompt on: in a causal model no earlier row changes.
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
     * Writes.
     *
     * @param guess what the response may be
     * @param most the most tokens that it has
     * @param ends whether a token ends it
     */
    GuessAndCheck.Written write(
            List<Token> prompt,
            List<Integer> guess,
            int most,
            IntPredicate ends,
            Progress progress) {
        SeamHooks masked = phase == MaskPhase.ALL ? hooks : laterThan(prompt.size() - 1);
        GuessAndCheck writer =
                new GuessAndCheck(
                        "Masked",
                        (tokens, told) ->
                                model.run(tokens, masked, CutOutcome.Wanted.LOGITS, told)
                                        .logits()
                                        .orElseThrow());
        return writer.write(prompt, guess, most, ends, progress);
    }

    private SeamHooks laterThan(int row) {
        SeamHooks later = SeamHooks.NONE;
        for (HeadAddress head : hooks.heads()) {
            later = later.with(head, HeadHook.fromRow(row, hooks.of(head).orElseThrow()));
        }
        return later;
    }
}
