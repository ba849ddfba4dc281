package org.headlight.analysis.sinks;

import org.headlight.analysis.logits.NextTokens;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How the logits of a text changed.
 *
 * @param lossBefore mean cross-entropy of the next token over the text, nats; NaN for one token
 * @param lossAfter the same in the changed model
 * @param meanAbs mean size of the change of a logit, over all rows and the whole vocabulary
 * @param maxAbs its largest size
 * @param kl mean over rows of KL(before || after) of the next token, nats
 * @param klLast the same at the last row
 * @param top1Agreement share of rows whose most probable next token stayed
 * @param next the most probable next tokens after the text, before and after, by the larger of
 *     their two probabilities
 */
public record LogitChange(
        double lossBefore,
        double lossAfter,
        double meanAbs,
        double maxAbs,
        double kl,
        double klLast,
        double top1Agreement,
        List<NextToken> next) {
    private static final int TOP = 5;

    public LogitChange {
        next = List.copyOf(next);
    }

    /**
     * Compares two runs over the same text.
     *
     * @param before logits [N, vocabulary]
     * @param after logits [N, vocabulary]
     * @param token the token with an id
     */
    static LogitChange of(
            Matrix before, Matrix after, List<Token> tokens, IntFunction<Token> token) {
        int rows = before.rows();
        float[] was = new float[before.cols()];
        float[] now = new float[before.cols()];
        double sum = 0;
        double most = 0;
        double kl = 0;
        double last = 0;
        int same = 0;
        for (int row = 0; row < rows; row++) {
            before.copyRows(row, row + 1, was, 0);
            after.copyRows(row, row + 1, now, 0);
            for (int i = 0; i < was.length; i++) {
                double change = Math.abs((double) now[i] - was[i]);
                sum += change;
                most = Math.max(most, change);
            }
            last = NextTokens.divergence(was, now);
            kl += last;
            same += NextTokens.largest(was) == NextTokens.largest(now) ? 1 : 0;
        }
        return new LogitChange(
                NextTokens.mean(NextTokens.losses(before, tokens), 0),
                NextTokens.mean(NextTokens.losses(after, tokens), 0),
                sum / rows / was.length,
                most,
                kl / rows,
                last,
                (double) same / rows,
                next(was, now, token));
    }

    private static List<NextToken> next(float[] was, float[] now, IntFunction<Token> token) {
        Set<Integer> ids = new LinkedHashSet<>(top(was));
        ids.addAll(top(now));
        double sumWas = NextTokens.logSum(was);
        double sumNow = NextTokens.logSum(now);
        List<NextToken> next = new ArrayList<>();
        for (int id : ids) {
            next.add(
                    new NextToken(
                            token.apply(id),
                            Math.exp(was[id] - sumWas),
                            Math.exp(now[id] - sumNow)));
        }
        next.sort(Comparator.comparingDouble((NextToken n) -> -Math.max(n.before(), n.after())));
        return next;
    }

    private static List<Integer> top(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
                .limit(TOP)
                .toList();
    }
}
