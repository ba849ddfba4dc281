package org.headlight.viz.control.strip;

import org.headlight.engine.token.Token;
import org.headlight.viz.control.TextWidth;
import org.headlight.viz.text.TokenLabel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tokens broken into lines for one width. Immutable; cheap enough to make for 32,768 tokens. */
final class StripLayout {
    /** Inside a chip, left and right of its text. */
    static final double PAD = 4;

    /** Between chips. */
    static final double GAP = 2;

    private static final int LONGEST = 24;

    private final List<String> labels;
    private final double[] left;
    private final double[] widths;
    private final int[] lineStarts;

    private StripLayout(List<String> labels, double[] left, double[] widths, int[] lineStarts) {
        this.labels = labels;
        this.left = left;
        this.widths = widths;
        this.lineStarts = lineStarts;
    }

    static StripLayout of(List<Token> tokens, TextWidth text, double width) {
        List<String> labels = new ArrayList<>(tokens.size());
        double[] left = new double[tokens.size()];
        double[] widths = new double[tokens.size()];
        int[] starts = new int[tokens.size() + 1];
        int lines = 0;
        double x = 0;
        boolean wrap = true;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            String label = TokenLabel.of(token, LONGEST).text();
            labels.add(label);
            widths[i] = text.of(label) + 2 * PAD;
            if (wrap || x + widths[i] > width) {
                starts[lines++] = i;
                x = 0;
            }
            left[i] = x;
            x += widths[i] + GAP;
            wrap = token.text().endsWith("\n");
        }
        return new StripLayout(labels, left, widths, Arrays.copyOf(starts, lines));
    }

    int lines() {
        return lineStarts.length;
    }

    int size() {
        return labels.size();
    }

    int start(int line) {
        return lineStarts[line];
    }

    int end(int line) {
        return line + 1 < lineStarts.length ? lineStarts[line + 1] : labels.size();
    }

    int lineOf(int position) {
        int at = Arrays.binarySearch(lineStarts, position);
        return at >= 0 ? at : -at - 2;
    }

    String label(int position) {
        return labels.get(position);
    }

    double left(int position) {
        return left[position];
    }

    double width(int position) {
        return widths[position];
    }

    /** The token at a place, or {@link TokenStrip#NONE}. */
    int at(int line, double x) {
        if (line < 0 || line >= lines()) {
            return TokenStrip.NONE;
        }
        for (int i = start(line); i < end(line); i++) {
            if (x >= left[i] && x < left[i] + widths[i] + GAP) {
                return i;
            }
        }
        return TokenStrip.NONE;
    }
}
