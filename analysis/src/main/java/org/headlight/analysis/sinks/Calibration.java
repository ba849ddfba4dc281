package org.headlight.analysis.sinks;

import org.headlight.analysis.logits.NextTokens;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a model as it is and with the sinks of chosen heads calibrated away (ACT, arXiv 2406.15765),
 * and compares what it foretells.
 */
public final class Calibration {
    private final Model model;
    private final SweepOptions options;

    public Calibration(Model model, SweepOptions options) {
        this.model = model;
        this.options = options;
    }

    /** Every head of self-attention. */
    public static List<HeadAddress> all(Model model) {
        return new Decoder(model, "Calibration").heads();
    }

    /**
     * The heads that the papers' work calibrates among: all but those of the first two layers and
     * of the last one.
     */
    public static List<HeadAddress> usual(Model model) {
        List<HeadAddress> heads = new Decoder(model, "Calibration").heads();
        int last = heads.stream().mapToInt(HeadAddress::layer).max().orElse(0);
        return heads.stream().filter(h -> h.layer() >= 2 && h.layer() < last).toList();
    }

    /**
     * Runs both, and greedily writes an answer with both.
     *
     * @param heads the heads to calibrate, at least one
     * @param answerTokens tokens to write, each of which takes a run; 0 for none
     * @throws BadInputException when the model has no such head, does not run in pieces, or
     *     foretells nothing
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public CalibrationResult run(
            List<Token> tokens,
            List<HeadAddress> heads,
            ActSettings settings,
            int answerTokens,
            Progress progress) {
        Decoder decoder = new Decoder(model, "Calibration");
        check(decoder, heads);
        double runs = 2.0 + 2 * answerTokens;
        ActHook hook = new ActHook(settings, options);
        SeamHooks hooks = SeamHooks.NONE.with(new LinkedHashSet<>(heads), hook);

        long start = System.nanoTime();
        Matrix before = decoder.logits(tokens, SeamHooks.NONE, progress.part(0, 1 / runs));
        long middle = System.nanoTime();
        Matrix after = decoder.logits(tokens, hooks, progress.part(1 / runs, 2 / runs));
        long end = System.nanoTime();
        Map<HeadAddress, List<Integer>> chosen = hook.chosen();
        LogitChange change =
                LogitChange.of(before, after, tokens, id -> decoder.token(id, tokens.size()));

        Optional<Answer> plain = Optional.empty();
        Optional<Answer> calibrated = Optional.empty();
        if (answerTokens > 0) {
            double half = (2 + answerTokens) / runs;
            plain =
                    Optional.of(
                            answer(
                                    decoder,
                                    tokens,
                                    SeamHooks.NONE,
                                    answerTokens,
                                    progress.part(2 / runs, half)));
            calibrated =
                    Optional.of(
                            answer(decoder, tokens, hooks, answerTokens, progress.part(half, 1)));
        }
        return new CalibrationResult(
                settings,
                chosen,
                change,
                plain,
                calibrated,
                new CalibrationResult.Seconds((middle - start) * 1e-9, (end - middle) * 1e-9));
    }

    private void check(Decoder decoder, List<HeadAddress> heads) {
        if (heads.isEmpty()) {
            throw new BadInputException(
                    "No head is chosen to be calibrated; choose at least one, such as L2H1.");
        }
        Set<HeadAddress> known = new LinkedHashSet<>(decoder.heads());
        for (HeadAddress head : heads) {
            if (!known.contains(head)) {
                throw new BadInputException(
                        model.info().name()
                                + " has no head L"
                                + head.layer()
                                + "H"
                                + head.head()
                                + " of self-attention to calibrate; headlight inspect lists its"
                                + " layers and heads.");
            }
        }
    }

    /** Runs the whole text again for each token: the sinks are those of the text so far. */
    private static Answer answer(
            Decoder decoder, List<Token> tokens, SeamHooks hooks, int count, Progress progress) {
        List<Token> text = tokens;
        List<Token> written = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            progress.at((double) i / count, "Writing token " + (i + 1) + " of " + count);
            Matrix logits = decoder.logits(text, hooks, Progress.NONE);
            progress.check();
            float[] last = new float[logits.cols()];
            logits.copyRows(logits.rows() - 1, logits.rows(), last, 0);
            text = decoder.with(text, NextTokens.largest(last));
            written.add(text.getLast());
        }
        return new Answer(written, decoder.text(written));
    }
}
