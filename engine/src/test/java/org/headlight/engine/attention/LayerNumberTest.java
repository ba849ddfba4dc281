package org.headlight.engine.attention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Layers are numbered as the model has them, whatever of it is understood. */
class LayerNumberTest {
    private static final int WIDTH = 12;

    @TempDir private Path folder;

    private final GraphMaker g = new GraphMaker(17);

    /** Attention of {@code from} to {@code to}; its softmax is /p and the number. */
    private String attention(int site, String from, String to, boolean turned, boolean changed) {
        g.matMul("q" + site, from, g.weight("wq" + site, WIDTH, WIDTH));
        g.matMul("k" + site, to, g.weight("wk" + site, WIDTH, WIDTH));
        g.matMul("v" + site, to, g.weight("wv" + site, WIDTH, WIDTH));
        g.transpose("kt" + site, "k" + site, 0, 2, 1);
        String scores = g.matMul("s" + site, "q" + site, "kt" + site);
        if (turned) {
            scores = g.node("Mul", "turned" + site, List.of(scores, g.weight("t" + site, 2, 1, 1)));
        }
        String p = g.node("Softmax", "p" + site, List.of(scores), "axis", -1);
        if (changed) {
            p = g.node("Mul", "changed" + site, List.of(p, g.weight("m" + site, 1, 1, 1)));
        }
        return g.matMul("y" + site, p, "v" + site);
    }

    @Test
    void whatIsNotUnderstoodIsCountedByItsKind() {
        g.withDomain("com.microsoft");
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        g.input("memory", GraphMaker.FLOAT, 1, "m", WIDTH);
        attention(1, "x", "x", true, false);
        attention(2, "y1", "memory", false, true);
        g.nodeOf("com.microsoft", "PackedMultiHeadAttention", "y3", List.of("y2", "y2", "y2"));
        attention(4, "y3", "y3", false, false);
        g.output(attention(5, "y4", "memory", false, false));

        AttentionFindings found = AttentionFinder.find(g.open(folder));

        assertThat(found.unsupported())
                .extracting(UnsupportedSite::node)
                .containsExactly("/p1", "/p2", "/y3");
        assertThat(found.sites())
                .extracting(s -> s.kind() + " " + s.layer() + " " + s.node())
                .containsExactly("SELF 2 /p4", "CROSS 1 /p5");
    }

    /** Layers that keep a running state are listed beside those that have a map. */
    @Test
    void layersWithoutAMapAreListedAndCounted() {
        g.withDomain("com.microsoft");
        g.input("x", GraphMaker.FLOAT, 1, "n", WIDTH);
        String recurrent = g.nodeOf("com.microsoft", "LinearAttention", "y0", List.of("x", "x"));
        g.output(attention(1, recurrent, recurrent, false, false));

        AttentionFindings found = AttentionFinder.find(g.open(folder));

        assertThat(found.unsupported()).hasSize(1);
        assertThat(found.unsupported().getFirst().node()).isEqualTo("/y0");
        assertThat(found.unsupported().getFirst().reason())
                .endsWith("keeps a running state instead of a map, so there is no map to show.");
        assertThat(found.sites())
                .extracting(s -> s.layer() + " " + s.node())
                .containsExactly("1 /p1");
    }
}
