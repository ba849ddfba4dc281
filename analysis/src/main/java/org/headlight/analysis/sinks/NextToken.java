package org.headlight.analysis.sinks;

import org.headlight.engine.token.Token;

/**
 * A token that may come next.
 *
 * @param token which
 * @param before its probability in the model as it is
 * @param after its probability in the changed model
 */
public record NextToken(Token token, double before, double after) {}
