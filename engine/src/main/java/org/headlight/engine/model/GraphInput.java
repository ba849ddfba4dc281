package org.headlight.engine.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One input of a graph.
 *
 * @param name its name
 * @param type element type
 * @param dims sizes; -1 where it is free
 * @param symbols names of the free sizes; empty where there is none
 * @param role what tokens give it
 */
record GraphInput(
        String name, OnnxJavaType type, List<Long> dims, List<String> symbols, Role role) {

    /** What an input is fed with. */
    enum Role {
        /** The ids of the tokens. */
        IDS,
        /** 1 for each token so far. */
        ATTENTION_MASK,
        /** The position of each token. */
        POSITIONS,
        /** The segment of each token: always 0. */
        SEGMENTS,
        /** Keys and values of the tokens before. */
        PAST,
        /** Whether the past is used, in a merged decoder. */
        USE_CACHE,
        /** How many rows of logits are wanted: the last one. */
        LOGITS_TO_KEEP,
        /** The position of the last token so far. */
        LAST_POSITION,
        /** How many tokens there are so far. */
        LENGTH,
        /** How many tokens were run before. */
        PAST_LENGTH,
        /** Something that tokens cannot give. */
        OTHER
    }

    static GraphInput of(String name, NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo info)) {
            return new GraphInput(name, OnnxJavaType.UNKNOWN, List.of(), List.of(), Role.OTHER);
        }
        List<Long> dims = new ArrayList<>();
        List<String> symbols = new ArrayList<>();
        @Nullable String[] names = info.getDimensionNames();
        long[] shape = info.getShape();
        for (int i = 0; i < shape.length; i++) {
            dims.add(shape[i]);
            String symbol = i < names.length ? names[i] : null;
            symbols.add(symbol == null ? "" : symbol);
        }
        return new GraphInput(
                name,
                info.type,
                List.copyOf(dims),
                List.copyOf(symbols),
                role(name, info.type, shape.length));
    }

    private static Role role(String name, OnnxJavaType type, int rank) {
        boolean whole = type == OnnxJavaType.INT64 || type == OnnxJavaType.INT32;
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("^decoder_", "");
        if (plain.matches(".*past_(?:conv|ssm|recurrent).*")) {
            return rank > 1 ? Role.PAST : Role.OTHER;
        }
        if (rank == 4 || rank == 5) {
            return plain.contains("past") ? Role.PAST : Role.OTHER;
        }
        return switch (plain) {
            case "input_ids", "inputids", "input" -> whole && rank <= 2 ? Role.IDS : Role.OTHER;
            case "attention_mask", "input_mask" -> rank == 2 ? Role.ATTENTION_MASK : Role.OTHER;
            case "position_ids", "cache_position" -> whole ? Role.POSITIONS : Role.OTHER;
            case "token_type_ids", "segment_ids" -> whole ? Role.SEGMENTS : Role.OTHER;
            case "seqlens_k" -> whole ? Role.LAST_POSITION : Role.OTHER;
            case "total_sequence_length",
                    "total_seq_len",
                    "nonpad_kv_seqlen",
                    "key_total_sequence_lengths" ->
                    whole ? Role.LENGTH : Role.OTHER;
            case "past_sequence_length", "past_seq_len" -> whole ? Role.PAST_LENGTH : Role.OTHER;
            case "use_cache_branch", "use_cache" ->
                    type == OnnxJavaType.BOOL ? Role.USE_CACHE : Role.OTHER;
            case "num_logits_to_keep", "logits_to_keep" -> whole ? Role.LOGITS_TO_KEEP : Role.OTHER;
            default -> Role.OTHER;
        };
    }

    /** Its element type, such as "float32". */
    String typeName() {
        return switch (type) {
            case FLOAT -> "float32";
            case DOUBLE -> "float64";
            default -> type.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Its shape as written in the graph, such as "[batch_size, 3, past_sequence_length, 32]". */
    String shapeText() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < dims.size(); i++) {
            String symbol = symbols.get(i).isEmpty() ? "?" : symbols.get(i);
            parts.add(dims.get(i) >= 0 ? Long.toString(dims.get(i)) : symbol);
        }
        return parts.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    /**
     * The shape of a past of so many tokens: the batch is 1, the free size that is no batch is the
     * past.
     */
    long[] pastShape(long past) {
        long[] shape = new long[dims.size()];
        int free = 0;
        for (int i = 0; i < shape.length; i++) {
            String symbol = symbols.get(i);
            if (dims.get(i) >= 0) {
                shape[i] = dims.get(i);
            } else if (symbol.contains("past") || symbol.contains("seq")) {
                shape[i] = past;
                free++;
            } else {
                shape[i] = symbol.contains("batch") || free == 0 ? 1 : past;
                free++;
            }
        }
        return shape;
    }
}
