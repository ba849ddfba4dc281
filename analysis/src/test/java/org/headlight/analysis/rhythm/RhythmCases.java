package org.headlight.analysis.rhythm;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Maps, texts and captures to measure. */
final class RhythmCases {
    private RhythmCases() {}

    /** A causal map whose rows sum to 1, with single precision. */
    static double[][] random(int n, Random random) {
        double[][] map = new double[n][n];
        for (int q = 0; q < n; q++) {
            double sum = 0;
            for (int k = 0; k <= q; k++) {
                map[q][k] = Math.exp(3 * random.nextGaussian());
                sum += map[q][k];
            }
            for (int k = 0; k <= q; k++) {
                map[q][k] = (float) (map[q][k] / sum);
            }
        }
        return map;
    }

    static HeadAttention head(double[][] map, AttentionMask mask) {
        int n = map.length;
        float[] cells = new float[n * n];
        for (int q = 0; q < n; q++) {
            for (int k = 0; k < n; k++) {
                cells[q * n + k] = (float) map[q][k];
            }
        }
        return new ProbabilityHead(new ArrayMatrix(cells, n, n), mask);
    }

    /** Words, with a full stop after every {@code sentence} of them. */
    static List<Token> words(int n, int sentence) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            tokens.add(new Token(i, i, i % sentence == sentence - 1 ? " end." : " word", false));
        }
        return tokens;
    }

    static SiteCapture site(int layer, List<Token> tokens, List<double[][]> maps) {
        List<HeadAttention> heads =
                maps.stream().map(map -> head(map, AttentionMask.causal(0))).toList();
        return new SiteCapture(
                layer, SiteKind.SELF, "site " + layer, heads, heads.size(), 0, tokens, tokens);
    }

    static Capture capture(List<Token> tokens, List<SiteCapture> sites) {
        return new Capture() {
            @Override
            public CaptureInfo info() {
                return new CaptureInfo("maps", "", "dump", "", 0);
            }

            @Override
            public List<Token> tokens() {
                return tokens;
            }

            @Override
            public List<SiteCapture> sites() {
                return sites;
            }

            @Override
            public long bytes() {
                return 0;
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
