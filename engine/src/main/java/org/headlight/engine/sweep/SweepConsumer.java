package org.headlight.engine.sweep;

/**
 * Something that wants to see a head's map once, block by block. Blocks come in any order and from
 * several threads; each thread has a worker of its own.
 */
public interface SweepConsumer {

    /** Sees the blocks of one thread. */
    interface Worker {
        /**
         * Sees some keys of a block as soon as they are there, while they are in the first cache:
         * all keys of the block, in order, {@link RowBlock#CHUNK} at a time, from {@code key0} on.
         * What the block says of its rows is there already, {@link RowBlock#least} excepted. Not
         * called for a block without keys. {@link #accept} follows.
         */
        default void keys(RowBlock block, int from, int to) {
            // Most look at whole blocks.
        }

        void accept(RowBlock block);
    }

    /** A worker for one thread. Called from the thread that starts the sweep. */
    Worker worker();

    /**
     * Called once after the last block, from the thread that started the sweep: merge the workers.
     */
    void finish();
}
