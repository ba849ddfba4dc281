package org.headlight.engine.generate;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.token.Token;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A response, with the attention of every step.
 *
 * @param capture the attention over prompt and response, a row a token; the caller closes it. The
 *     row of a token is what the model looked at to choose the token after it. The last token has
 *     none where the model could not read it
 * @param promptTokens tokens of the prompt
 * @param response the response, token by token; never empty
 * @param stop why it ended
 * @param promptSeconds time to read the prompt but for its last token
 * @param stepSeconds time of the steps, from the last token of the prompt on
 * @param problem why the model could not go on, one sentence; empty when it ended otherwise
 */
public record Generation(
        Capture capture,
        int promptTokens,
        List<GeneratedToken> response,
        StopReason stop,
        double promptSeconds,
        double stepSeconds,
        Optional<String> problem)
        implements AutoCloseable {

    public Generation {
        response = List.copyOf(response);
    }

    /** A response that ended without a problem. */
    public Generation(
            Capture capture,
            int promptTokens,
            List<GeneratedToken> response,
            StopReason stop,
            double promptSeconds,
            double stepSeconds) {
        this(capture, promptTokens, response, stop, promptSeconds, stepSeconds, Optional.empty());
    }

    /** The text of the response; empty when the model has no tokenizer. */
    public String text() {
        return response.stream().map(GeneratedToken::text).collect(Collectors.joining());
    }

    /** The ids of the response. */
    public List<Integer> ids() {
        return response.stream().map(GeneratedToken::token).map(Token::id).toList();
    }

    /** Steps in a second; a step reads one token and chooses the next. */
    public double stepsPerSecond() {
        return response.size() / Math.max(stepSeconds, 1e-9);
    }

    @Override
    public void close() {
        capture.close();
    }
}
