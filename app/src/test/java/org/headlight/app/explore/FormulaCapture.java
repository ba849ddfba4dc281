package org.headlight.app.explore;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;

/** Causal heads whose queries and keys are given by a formula; knows whether it was closed. */
public final class FormulaCapture implements Capture {
    private static final int DEPTH = 3;
    private static final float SCALE = 0.5f;

    private final List<Token> tokens;
    private final List<SiteCapture> sites = new ArrayList<>();
    private final int responseFrom;
    private volatile boolean closed;

    public FormulaCapture(int layers, int heads, List<Token> tokens) {
        this(layers, heads, tokens, tokens.size());
    }

    /** Of which the tokens from a position on are written by a model. */
    public FormulaCapture(int layers, int heads, List<Token> tokens, int responseFrom) {
        this.tokens = List.copyOf(tokens);
        this.responseFrom = responseFrom;
        for (int layer = 0; layer < layers; layer++) {
            List<HeadAttention> all = new ArrayList<>();
            for (int head = 0; head < heads; head++) {
                all.add(head(layer, head));
            }
            sites.add(
                    new SiteCapture(
                            layer,
                            SiteKind.SELF,
                            "softmax" + layer,
                            List.copyOf(all),
                            heads,
                            DEPTH,
                            this.tokens,
                            this.tokens));
        }
    }

    /** One token a word. */
    public static List<Token> words(String text) {
        List<Token> tokens = new ArrayList<>();
        for (String word : text.strip().split(" ", -1)) {
            tokens.add(new Token(tokens.size(), Math.abs(word.hashCode() % 97), word, false));
        }
        return tokens;
    }

    /** Tokens of which every third has the same text. */
    public static List<Token> tokens(int count) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(i, i % 3, "t" + i % 3, false));
        }
        return tokens;
    }

    private static double query(int layer, int head, int row, int d) {
        return 2 * Math.sin(0.7 * row + d + head + 2.0 * layer);
    }

    private static double key(int layer, int head, int row, int d) {
        return 2 * Math.cos(1.3 * row - d * (head + 1.0) + layer);
    }

    private HeadAttention head(int layer, int head) {
        int n = tokens.size();
        float[] q = new float[n * DEPTH];
        float[] k = new float[n * DEPTH];
        for (int i = 0; i < n * DEPTH; i++) {
            q[i] = (float) query(layer, head, i / DEPTH, i % DEPTH);
            k[i] = (float) key(layer, head, i / DEPTH, i % DEPTH);
        }
        return new QkHead(
                new ArrayMatrix(q, n, DEPTH),
                new ArrayMatrix(k, n, DEPTH),
                null,
                SCALE,
                AttentionMask.causal(0));
    }

    /** A row by the definition, in double precision: its visible cells. */
    static double[] row(int layer, int head, int row) {
        double[] cells = new double[row + 1];
        double sum = 0;
        for (int col = 0; col <= row; col++) {
            double score = 0;
            for (int d = 0; d < DEPTH; d++) {
                score += query(layer, head, row, d) * key(layer, head, col, d);
            }
            cells[col] = Math.exp(score * SCALE);
            sum += cells[col];
        }
        for (int col = 0; col <= row; col++) {
            cells[col] /= sum;
        }
        return cells;
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public CaptureInfo info() {
        return new CaptureInfo("formula", "", "dump", "", 0);
    }

    @Override
    public List<Token> tokens() {
        return tokens;
    }

    @Override
    public int responseFrom() {
        return responseFrom;
    }

    @Override
    public List<SiteCapture> sites() {
        return List.copyOf(sites);
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
