package org.headlight.analysis.sinks;

import org.headlight.engine.token.Token;

/**
 * A token that receives much.
 *
 * @param position its key position
 * @param token the token
 * @param received the mean attention it receives, 0 to 1
 * @param queries how many queries that mean is over; a mean over few is easily large
 */
public record Sink(int position, Token token, double received, int queries) {}
