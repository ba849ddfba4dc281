package org.headlight.analysis.sparse.run;

import org.headlight.engine.attend.AttentionCalls;
import org.headlight.engine.device.AttentionPlace;

import java.util.Optional;

/**
 * Where a run's attention was computed and its blocks were chosen.
 *
 * @param place what computes attention between the pieces
 * @param calls calls of attention in the phases in which heads are sparse, measuring apart
 * @param scored how many times blocks of a site were scored there, and chosen by the processor
 * @param chosen how many times blocks of a site were scored and chosen there
 * @param refusal why blocks were not scored there though they could have been, one sentence; empty
 *     for nothing to say
 */
public record AttentionUse(
        AttentionPlace place,
        AttentionCalls calls,
        long scored,
        long chosen,
        Optional<String> refusal) {}
