package org.headlight.engine.model;

/** Memory that this process can still take. */
interface FreeMemory {
    /** Bytes of the machine, or of the container around the process. */
    long machine();

    /** Bytes of the Java heap; what is garbage but not collected yet counts as taken. */
    default long heap() {
        return Long.MAX_VALUE;
    }
}
