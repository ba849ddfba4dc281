package org.headlight.engine.capture;

/** The masks that are rules rather than numbers. */
final class Masks {
    private Masks() {}

    record Full(int keys) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return keys;
        }

        @Override
        public boolean unbiased() {
            return true;
        }

        @Override
        public float bias(int row, int col) {
            return 0;
        }

        @Override
        public boolean causal() {
            return false;
        }
    }

    record Causal(int offset) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return 0;
        }

        @Override
        public int endKey(int row) {
            return row + offset + 1;
        }

        @Override
        public boolean unbiased() {
            return true;
        }

        @Override
        public float bias(int row, int col) {
            return col <= row + offset ? 0 : MASKED;
        }

        @Override
        public boolean causal() {
            return true;
        }
    }

    record Window(int offset, int width) implements AttentionMask {
        @Override
        public int firstKey(int row) {
            return Math.max(0, row + offset + 1 - width);
        }

        @Override
        public int endKey(int row) {
            return row + offset + 1;
        }

        @Override
        public boolean unbiased() {
            return true;
        }

        @Override
        public float bias(int row, int col) {
            return col >= firstKey(row) && col < endKey(row) ? 0 : MASKED;
        }

        @Override
        public boolean causal() {
            return true;
        }
    }
}
