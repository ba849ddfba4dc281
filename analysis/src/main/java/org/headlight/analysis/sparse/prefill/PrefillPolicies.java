package org.headlight.analysis.sparse.prefill;

import org.headlight.analysis.sparse.Policy;

import java.util.List;

/** The policies of this package. */
public final class PrefillPolicies {
    private PrefillPolicies() {}

    /** All of them, in the order of a menu: methods, fixed masks, upper bounds. */
    public static List<Policy> all() {
        return List.of(
                new XAttentionPolicy(),
                new VerticalSlash(),
                new MeanPool(),
                new FlexPrefill(),
                new PbsAttention(),
                new AnchorAttention(),
                new HipAttention(),
                new Dhsa(),
                new InfllmV2(),
                new LServe(),
                new TriangleMix(),
                new Blasst(),
                new AShape(),
                new PowerAttention(),
                new S2Attention(),
                new OracleBlocks(),
                new SeerOracle());
    }
}
