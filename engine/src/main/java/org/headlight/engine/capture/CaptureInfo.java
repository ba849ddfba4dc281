package org.headlight.engine.capture;

/**
 * Where a capture comes from; this goes into every figure and file made from it.
 *
 * @param source short name for people: the model's folder or file name
 * @param modelHash first 12 hex digits of the SHA-256 of the model file; empty for a dump
 * @param form how attention is written in the graph, such as "eager" or "sdpa"; "dump" for a dump
 * @param provider where it ran, such as "CPU, 2 threads"; empty for a dump
 * @param seconds time the run took; 0 for a dump
 */
public record CaptureInfo(
        String source, String modelHash, String form, String provider, double seconds) {}
