package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The tensors of a run in pieces, each kept as long as something reads it. */
final class LiveTensors implements AutoCloseable {
    private final Map<String, Integer> lastUse;
    private final Map<String, OnnxTensor> tensors = new HashMap<>();
    private final Map<String, Arena> memory = new HashMap<>();
    private final Set<String> lent = new HashSet<>();

    /**
     * @param lastUse the last stage that reads each tensor; those that are not named go at once
     */
    LiveTensors(Map<String, Integer> lastUse) {
        this.lastUse = lastUse;
    }

    /** Takes tensors that stay their maker's. */
    void lend(Map<String, OnnxTensor> feeds) {
        tensors.putAll(feeds);
        lent.addAll(feeds.keySet());
    }

    /** Takes the results of a piece. */
    void take(OrtSession.Result result) {
        for (Map.Entry<String, OnnxValue> entry : result) {
            if (entry.getValue() instanceof OnnxTensor tensor) {
                tensors.put(entry.getKey(), tensor);
            } else {
                entry.getValue().close();
            }
        }
    }

    /** Takes a tensor that was made in memory of ours. */
    void take(String name, OnnxTensor tensor, Arena arena) {
        tensors.put(name, tensor);
        memory.put(name, arena);
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    OnnxTensor get(String name) {
        @Nullable OnnxTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalStateException("the run has no tensor " + name);
        }
        return tensor;
    }

    /** Lets go of what nothing after a stage reads, but for what is wanted or only lent. */
    void after(int stage, Set<String> wanted) {
        for (String name : Set.copyOf(tensors.keySet())) {
            if (!lent.contains(name)
                    && !wanted.contains(name)
                    && lastUse.getOrDefault(name, -1) <= stage) {
                drop(name);
            }
        }
    }

    private void drop(String name) {
        OnnxTensor tensor = tensors.remove(name);
        if (tensor != null && !lent.contains(name)) {
            tensor.close();
        }
        Arena arena = memory.remove(name);
        if (arena != null) {
            arena.close();
        }
    }

    @Override
    public void close() {
        Set.copyOf(tensors.keySet()).forEach(this::drop);
    }
}
