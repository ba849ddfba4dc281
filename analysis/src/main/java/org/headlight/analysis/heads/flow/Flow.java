package org.headlight.analysis.heads.flow;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.Arrays;

/**
 * Attention flow: the maps of the layers as pipes, and how much can flow through all of them from a
 * token of the input to a position at the end. One maximum flow (Edmonds and Karp) for each two, so
 * for short texts.
 */
public final class Flow {
    /** The longest text. */
    public static final int MOST_TOKENS = 64;

    private static final double LEAST = 1e-12;

    private final LayerMaps layers;
    private final int tokens;

    /**
     * Lays the pipes.
     *
     * @throws BadInputException when the text is longer than {@link #MOST_TOKENS}
     */
    public Flow(LayerMaps layers) {
        this.layers = layers;
        this.tokens = layers.tokens();
        requireShort(tokens);
    }

    /**
     * Refuses a text that is too long, before anything of it is read.
     *
     * @throws BadInputException when it is longer than {@link #MOST_TOKENS}
     */
    public static void requireShort(int tokens) {
        if (tokens > MOST_TOKENS) {
            throw new BadInputException(
                    "Attention flow takes a maximum flow for each two tokens and the text has "
                            + tokens
                            + "; take at most "
                            + MOST_TOKENS
                            + " tokens, or use rollout.");
        }
    }

    /**
     * Every flow.
     *
     * @param normalised whether each row is made to sum to 1
     * @return from token k to position q, [N][N]
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public double[][] whole(boolean normalised, Progress progress) {
        double[][] result = new double[tokens][];
        for (int q = 0; q < tokens; q++) {
            progress.check();
            result[q] = to(q, normalised);
            progress.at((q + 1.0) / tokens, "Following the flow");
        }
        return result;
    }

    /** The flows to one position, by token. */
    public double[] to(int position, boolean normalised) {
        double[] row = new double[tokens];
        double sum = 0;
        for (int k = 0; k < tokens; k++) {
            row[k] = new Pipes(position, k).maximum();
            sum += row[k];
        }
        for (int k = 0; normalised && sum > 0 && k < tokens; k++) {
            row[k] /= sum;
        }
        return row;
    }

    /** The network of one maximum flow: node (layer, token), from the last layer down to 0. */
    private final class Pipes {
        private final int source;
        private final int target;

        /** What is left of each pipe down, and what came back up: [layer][upper token][lower]. */
        private final double[][][] down;

        private final double[][][] up;
        private final int[] from = new int[(layers.size() + 1) * tokens];
        private final int[] open = new int[(layers.size() + 1) * tokens];

        Pipes(int position, int token) {
            source = layers.size() * tokens + position;
            target = token;
            down = new double[layers.size()][tokens][tokens];
            up = new double[layers.size()][tokens][tokens];
            for (int layer = 0; layer < layers.size(); layer++) {
                for (int q = 0; q < tokens; q++) {
                    for (int k = 0; k < tokens; k++) {
                        down[layer][q][k] = layers.at(layer, q, k);
                    }
                }
            }
        }

        double maximum() {
            double flow = 0;
            while (find()) {
                double width = Double.POSITIVE_INFINITY;
                for (int node = target; node != source; node = from[node]) {
                    width = Math.min(width, room(from[node], node));
                }
                for (int node = target; node != source; node = from[node]) {
                    fill(from[node], node, width);
                }
                flow += width;
            }
            return flow;
        }

        /** The shortest way with room left, breadth first. */
        private boolean find() {
            Arrays.fill(from, -1);
            from[source] = source;
            open[0] = source;
            int waiting = 1;
            for (int at = 0; at < waiting && from[target] < 0; at++) {
                int node = open[at];
                int layer = node / tokens;
                int token = node % tokens;
                if (layer > 0) {
                    int below = (layer - 1) * tokens;
                    double[] pipes = down[layer - 1][token];
                    for (int i = 0; i < tokens; i++) {
                        if (pipes[i] > LEAST && from[below + i] < 0) {
                            from[below + i] = node;
                            open[waiting++] = below + i;
                        }
                    }
                }
                if (layer < layers.size()) {
                    int above = (layer + 1) * tokens;
                    double[][] pipes = up[layer];
                    for (int i = 0; i < tokens; i++) {
                        if (pipes[i][token] > LEAST && from[above + i] < 0) {
                            from[above + i] = node;
                            open[waiting++] = above + i;
                        }
                    }
                }
            }
            return from[target] >= 0;
        }

        private double room(int node, int next) {
            return node / tokens > next / tokens
                    ? down[next / tokens][node % tokens][next % tokens]
                    : up[node / tokens][next % tokens][node % tokens];
        }

        private void fill(int node, int next, double width) {
            if (node / tokens > next / tokens) {
                down[next / tokens][node % tokens][next % tokens] -= width;
                up[next / tokens][node % tokens][next % tokens] += width;
            } else {
                up[node / tokens][next % tokens][node % tokens] -= width;
                down[node / tokens][next % tokens][node % tokens] += width;
            }
        }
    }
}
