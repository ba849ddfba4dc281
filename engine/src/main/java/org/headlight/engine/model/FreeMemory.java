package org.headlight.engine.model;

import java.util.OptionalLong;

/** Memory that this process can still take. */
interface FreeMemory {
    /** Bytes of the machine, or of the container around the process. */
    long machine();

    /** Bytes of the Java heap; what is garbage but not collected yet counts as taken. */
    default long heap() {
        return Long.MAX_VALUE;
    }

    /** Bytes of the device; empty where the model runs on the processor, or nobody knows. */
    default OptionalLong device() {
        return OptionalLong.empty();
    }
}
