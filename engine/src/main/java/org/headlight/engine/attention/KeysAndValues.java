package org.headlight.engine.attention;

/**
 * The tensors that carry a site's keys and values.
 *
 * @param key [B, KV, M, D]
 * @param value [B, KV, M, Dv]
 */
record KeysAndValues(String key, String value) {}
