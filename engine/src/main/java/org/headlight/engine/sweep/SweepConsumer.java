package org.headlight.engine.sweep;

/**
 * Something that wants to see a head's map once, block by block. Blocks come in any order and from
 * several threads; each thread has a worker of its own.
 */
public interface SweepConsumer {

    /** Sees the blocks of one thread. */
    interface Worker {
        void accept(RowBlock block);
    }

    /** A worker for one thread. Called from the thread that starts the sweep. */
    Worker worker();

    /**
     * Called once after the last block, from the thread that started the sweep: merge the workers.
     */
    void finish();
}
