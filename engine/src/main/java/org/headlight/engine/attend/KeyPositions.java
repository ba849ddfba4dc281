package org.headlight.engine.attend;

import java.util.List;

/** A list of keys for each key head, the same for every query: what a policy keeps of a cache. */
public final class KeyPositions extends Selection {
    private final int[][] positions;

    private KeyPositions(int[][] positions) {
        this.positions = positions;
    }

    /**
     * Keys of every key head.
     *
     * @param perKeyHead positions of keys, rising, for each key head
     */
    public static KeyPositions of(List<int[]> perKeyHead) {
        int[][] copy = new int[perKeyHead.size()][];
        for (int head = 0; head < copy.length; head++) {
            copy[head] = perKeyHead.get(head).clone();
            Columns.checkRising(copy[head], 0, copy[head].length, "Key head " + head);
        }
        return new KeyPositions(copy);
    }

    @Override
    public Sharing sharing() {
        return new Sharing(Sharing.ALL, Sharing.ALL, 0);
    }

    @Override
    void check(AttentionInput input) {
        if (positions.length != input.k().heads()) {
            throw new IllegalArgumentException(
                    positions.length + " lists for " + input.k().heads() + " key heads");
        }
        for (int[] list : positions) {
            Columns.checkBelow(list, list.length, input.k().rows());
        }
    }

    @Override
    int rowsTogether() {
        return TileWork.ROWS;
    }

    @Override
    void visit(TileWork work, int head, int row0) {
        int[] list = positions[work.keyHead()];
        work.limitToMask();
        work.gather(list, 0, list.length);
    }

    @Override
    int count(AttentionInput input, int head, int row) {
        return positions[input.keyHead(head)].length;
    }

    @Override
    void list(AttentionInput input, int head, int row, int from, int count, int[] keys) {
        System.arraycopy(positions[input.keyHead(head)], from, keys, 0, count);
    }

    @Override
    void keys(Shape shape, int head, int row, Runs target) {
        for (int key : positions[shape.keyHead(head)]) {
            target.run(key, key + 1);
        }
    }

    @Override
    public Selection head(Shape shape, int head) {
        return new KeyPositions(new int[][] {positions[shape.keyHead(head)]});
    }
}
