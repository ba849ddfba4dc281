package org.headlight.engine.attention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** What looks like attention and is not understood is named, with its node and the reason. */
class RefusedFormTest {
    private static final int TOKENS = 7;
    private static final int WIDTH = 12;

    @TempDir private Path folder;

    private final GraphMaker g = new GraphMaker(17);

    private void keysTransposed() {
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        for (String name : List.of("q", "k", "v")) {
            g.matMul(name + "_flat", "x", g.weight("w_" + name, WIDTH, WIDTH));
            g.reshape(name + "_split", name + "_flat", 0, 0, 3, 4);
            g.transpose(name, name + "_split", 0, 2, 1, 3);
        }
        g.transpose("kt", "k", 0, 1, 3, 2);
    }

    private void finish(String scores, String value) {
        g.node("Softmax", "p", List.of(scores), "axis", -1);
        g.matMul("context", "p", value);
        g.output("context");
    }

    private String reason() {
        AttentionFindings found = AttentionFinder.find(g.open(folder));
        assertThat(found.sites()).isEmpty();
        assertThat(found.unsupported()).hasSize(1);
        assertThat(found.unsupported().getFirst().node()).isEqualTo("/p");
        return found.unsupported().getFirst().reason();
    }

    @Test
    void aTanhThatIsNoSoftCapIsNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Tanh", "capped", List.of("s"));
        g.node("Mul", "turned", List.of("capped", g.number("minus", -5)));
        finish("turned", "v");
        assertThat(reason())
                .isEqualTo(
                        "Its scores go through Tanh /capped, but not as a soft cap; one positive"
                                + " number after it was expected.");
    }

    @Test
    void aMaskBeforeASoftCapIsNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node(
                "Where",
                "masked",
                List.of(g.input("sees", GraphMaker.BOOL, "n", "n"), "s", g.number("low", -1e9)));
        g.node("Tanh", "capped", List.of("masked"));
        g.node("Mul", "scaled", List.of("capped", g.number("c", 5)));
        finish("scaled", "v");
        assertThat(reason())
                .isEqualTo(
                        "A mask is put in by /masked before the soft cap, so that it hides nothing;"
                                + " after it was expected.");
    }

    @Test
    void scoresOfTwoSequencesAreNamedWithTheirNode() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Concat", "both", List.of("s", "s"), "axis", -1);
        finish("both", "v");
        assertThat(reason())
                .isEqualTo(
                        "Its scores are joined with others by /both; one column of sink logits was"
                                + " expected.");
    }

    @Test
    void aScaleOfSinkLogitsIsNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Concat", "joined", List.of("s", g.weight("column", 1, 3, TOKENS, 1)), "axis", -1);
        g.node("Mul", "scaled", List.of("joined", g.number("c", 2)));
        finish("scaled", "v");
        assertThat(reason())
                .isEqualTo(
                        "Sink logits are joined to its scores by /joined before a scale, a cap, a"
                                + " mask or others; right before the softmax was expected.");
    }

    @Test
    void scoresMadeOfShiftedProductsAloneAreNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Concat", "s2", List.of("s", "s"), "axis", -1);
        g.node("Add", "both", List.of("s2", "s2"));
        finish("both", "v");
        assertThat(reason())
                .isEqualTo(
                        "Its scores are made of several products (/both), none of which is queries"
                                + " times keys as it is.");
    }

    @Test
    void aNumberBeforeASoftCapIsNamed() {
        keysTransposed();
        g.matMul("s", "q", "kt");
        g.node("Add", "moved", List.of("s", g.number("one", 1)));
        g.node("Tanh", "capped", List.of("moved"));
        finish("capped", "v");
        assertThat(reason())
                .isEqualTo(
                        "A number is added to its scores by /moved before their soft cap or their"
                                + " sink logits, which is not read.");
    }

    @Test
    void anEinsumThatIsNoAttentionIsNamed() {
        keysTransposed();
        g.node("Einsum", "s", List.of("q", "k"), "equation", "bhqd,bhqd->bhqd");
        finish("s", "v");
        assertThat(reason())
                .isEqualTo(
                        "The Einsum /s multiplies as 'bhqd,bhqd->bhqd'; a product as in"
                                + " 'bhqd,bhkd->bhqk' and then 'bhqk,bhkd->bhqd' was expected.");
    }
}
