package org.headlight.analysis.sparse.decode;

import org.headlight.analysis.sparse.Policy;

import java.util.List;

/** The policies of decoding that leave keys at their own positions. */
public final class DecodePolicies {
    private DecodePolicies() {}

    /** All of them, in the order of a menu. */
    public static List<Policy> all() {
        return List.of(
                new RecentPolicy(),
                new H2oPolicy(),
                new SnapKvPolicy(),
                new AdaSnapKvPolicy(),
                new PrefixKvPolicy(),
                new QuestPolicy(),
                new LServePolicy(),
                new AsyncTlsPolicy(),
                new TidalPolicy(),
                new HipDecodePolicy(),
                new SharedBlocksPolicy(),
                new MustafarPolicy(),
                new LeanPolicy());
    }
}
