package org.headlight.engine.model;

import com.google.protobuf.ByteString;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.onnx.proto.Onnx.TensorProto;
import org.headlight.engine.task.Progress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small causal decoder whose weights are set by construction, so that what each head does is
 * known beforehand: two layers of three heads, attention only, with a KV cache, over a vocabulary
 * of {@link #VOCABULARY} words. Tests of other modules use it too.
 *
 * <p>It writes the word that follows the newest one in the vocabulary (w7 after w6) where that word
 * stands somewhere before, copied from there by {@link Role#COPYING}; else it ends the text.
 */
public final class HandWiredModel {
    /** Words: {@code <s>}, {@code </s>}, w2, w3 ... */
    public static final int VOCABULARY = 62;

    /** Id of {@code <s>}; nothing depends on a text beginning with it. */
    public static final int BEGIN = 0;

    /** Id of {@code </s>}, which ends a text. */
    public static final int END = 1;

    public static final int LAYERS = 2;
    public static final int HEADS = 3;

    private static final int DEPTH = 80;
    private static final int WAVES = 8;

    /** Where things lie in the residual stream. */
    private static final int TOKEN = 0;

    private static final int PREVIOUS_TOKEN = VOCABULARY;
    private static final int WRITTEN = 2 * VOCABULARY;
    private static final int COSINES = 3 * VOCABULARY;
    private static final int SINES = COSINES + WAVES;
    private static final int FIRST = SINES + WAVES;
    private static final int ONE = FIRST + 1;
    private static final int WIDTH = ONE + 1;

    /** Where things lie in a head: the words from 0 on, then the place, then the first position. */
    private static final int PLACE = VOCABULARY;

    private static final int IS_FIRST = PLACE + 2 * WAVES;

    /** What a score is multiplied with. */
    private static final float SCALE = 0.125f;

    /** How large logits are. */
    private static final float SURE = 20;

    /** Angles of the places per position: no two of them are in step. */
    private static final double[] ANGLES =
            IntStream.of(2, 3, 5, 7, 11, 13, 17, 19)
                    .mapToDouble(prime -> Math.PI * (Math.sqrt(prime) % 1))
                    .toArray();

    private final GraphMaker g = new GraphMaker(17);

    private HandWiredModel() {}

    /** What each head does. */
    public enum Role {
        /** Every position looks at the one before it. */
        PREVIOUS(0, 0),
        /** Every position looks at position 0. */
        SINK(0, 1),
        /** Every position looks at all before it alike. */
        UNIFORM(0, 2),
        /** Looks at what followed an earlier copy of its token; at itself where there is none. */
        INDUCTION(1, 0),
        /**
         * Looks at the word after its own in the vocabulary, and writes that; looks at itself, and
         * writes nothing, where there is none.
         */
        COPYING(1, 1),
        /** Looks at an earlier copy of its token; at itself where there is none. */
        DUPLICATE(1, 2);

        private final int layer;
        private final int head;

        Role(int layer, int head) {
            this.layer = layer;
            this.head = head;
        }

        public int layer() {
            return layer;
        }

        public int head() {
            return head;
        }

        /** Such as L0H2. */
        public String headName() {
            return "L" + layer + "H" + head;
        }
    }

    /**
     * Writes the model with its tokenizer and settings into a folder.
     *
     * @return the folder
     */
    public static Path write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
            Files.writeString(
                    folder.resolve("config.json"),
                    "{\"model_type\": \"wired\", \"vocab_size\": %d, \"eos_token_id\": %d}"
                            .formatted(VOCABULARY, END));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HandWiredModel model = new HandWiredModel();
        model.decoder();
        model.g.write(folder.resolve("model.onnx"));
        return folder;
    }

    /** Writes the model into a folder and opens it. */
    public static Model open(Path folder) {
        return OnnxModels.open(write(folder), ModelOptions.defaults(), Progress.NONE);
    }

    /** The word of an id. */
    public static String word(int id) {
        return switch (id) {
            case BEGIN -> "<s>";
            case END -> "</s>";
            default -> "w" + id;
        };
    }

    /** A text whose tokens are these ids. */
    public static String text(int... ids) {
        return IntStream.of(ids).mapToObj(HandWiredModel::word).collect(Collectors.joining(" "));
    }

    private static String tokenizer() {
        String words =
                IntStream.range(0, VOCABULARY)
                        .mapToObj(id -> "\"" + word(id) + "\": " + id)
                        .collect(Collectors.joining(", "));
        String special =
                IntStream.of(BEGIN, END)
                        .mapToObj(id ->
                                """
                                {"id": %d, "content": "%s", "single_word": false, \
                                "lstrip": false, "rstrip": false, "normalized": false, \
                                "special": true}\
                                """
                                        .formatted(id, word(id)))
                        .collect(Collectors.joining(", "));
        return """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s],
         "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
         "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "<s>"}}
        """
                .formatted(special, words);
    }

    private void decoder() {
        g.input("input_ids", GraphMaker.INT64, "batch", "n");
        for (int layer = 0; layer < LAYERS; layer++) {
            for (String part : List.of("key", "value")) {
                String name = "past_key_values." + layer + "." + part;
                g.input(name, GraphMaker.FLOAT, "batch", HEADS, "past", DEPTH);
            }
        }
        embedded();
        Weights first = new Weights();
        Wiring previous = first.head(Role.PREVIOUS);
        previous.looksBack(1, 80);
        previous.writes(PREVIOUS_TOKEN, 1);
        first.head(Role.SINK).looksAtFirst(12);
        first.head(Role.UNIFORM);
        String x = layer(0, "x0", first);
        Weights second = new Weights();
        Wiring induction = second.head(Role.INDUCTION);
        induction.looksFor(0, PREVIOUS_TOKEN, 200);
        induction.looksBack(0, 60);
        // Position 0 has nothing before it.
        induction.looksAtFirst(-200);
        induction.writes(WRITTEN, 0.2f);
        Wiring copying = second.head(Role.COPYING);
        copying.looksFor(1, TOKEN, 200);
        copying.looksBack(0, 60);
        copying.writes(WRITTEN, 1);
        Wiring duplicate = second.head(Role.DUPLICATE);
        duplicate.looksFor(0, TOKEN, 200);
        duplicate.looksBack(0, -100);
        x = layer(1, x, second);
        logits(x);
    }

    /** The residual stream at the start: token, place, first position and a one. */
    private void embedded() {
        float[][] words = new float[VOCABULARY][WIDTH];
        for (int id = 0; id < VOCABULARY; id++) {
            words[id][TOKEN + id] = 1;
            words[id][ONE] = 1;
        }
        matrix("words", words);
        g.node("Gather", "embedded", List.of("words", "input_ids"), "axis", 0);
        g.integers("ax0", 0);
        g.integers("ax1", 1);
        g.constant("i0", scalar(0));
        g.constant("i1", scalar(1));
        g.node("Shape", "ids_shape", List.of("input_ids"));
        g.node("Gather", "n", List.of("ids_shape", "i1"), "axis", 0);
        g.node("Shape", "past_shape", List.of("past_key_values.0.key"));
        g.node("Gather", "past", List.of("past_shape", g.constant("i2", scalar(2))), "axis", 0);
        g.node("Add", "all", List.of("past", "n"));
        g.node("Range", "queries", List.of("past", "all", "i1"));
        g.node("Range", "keys", List.of("i0", "all", "i1"));
        g.node("Unsqueeze", "rows", List.of("queries", "ax1"));
        g.node("Unsqueeze", "columns", List.of("keys", "ax0"));
        g.node("LessOrEqual", "sees", List.of("columns", "rows"));
        g.number("zero", 0);
        g.number("fill", -1e9);
        g.node("Where", "mask", List.of("sees", "zero", "fill"));
        g.node("Cast", "rows_f", List.of("rows"), "to", GraphMaker.FLOAT);
        float[][] angles = new float[1][WAVES];
        for (int i = 0; i < WAVES; i++) {
            angles[0][i] = (float) ANGLES[i];
        }
        matrix("angles", angles);
        g.node("Mul", "phases", List.of("rows_f", "angles"));
        g.node("Cos", "cosines", List.of("phases"));
        g.node("Sin", "sines", List.of("phases"));
        g.node("Equal", "is_first", List.of("rows", "i0"));
        g.node("Cast", "first", List.of("is_first"), "to", GraphMaker.FLOAT);
        g.node("Concat", "placed", List.of("cosines", "sines", "first"), "axis", -1);
        float[][] places = new float[2 * WAVES + 1][WIDTH];
        for (int i = 0; i < places.length; i++) {
            places[i][COSINES + i] = 1;
        }
        matrix("places", places);
        g.matMul("place", "placed", "places");
        g.node("Add", "x0", List.of("embedded", "place"));
    }

    private String layer(int layer, String x, Weights weights) {
        matrix("w_q" + layer, weights.q);
        matrix("w_k" + layer, weights.k);
        matrix("w_v" + layer, weights.v);
        matrix("w_o" + layer, weights.o);
        for (String part : List.of("q", "k", "v")) {
            String name = part + layer;
            g.matMul(name + "_flat", x, "w_" + name);
            g.reshape(name + "_split", name + "_flat", 0, -1, HEADS, DEPTH);
            g.transpose(name, name + "_split", 0, 2, 1, 3);
        }
        String key = "present." + layer + ".key";
        String value = "present." + layer + ".value";
        String past = "past_key_values." + layer;
        g.node("Concat", key, List.of(past + ".key", "k" + layer), "axis", 2);
        g.node("Concat", value, List.of(past + ".value", "v" + layer), "axis", 2);
        g.output(key, GraphMaker.FLOAT, "batch", HEADS, "all", DEPTH);
        g.output(value, GraphMaker.FLOAT, "batch", HEADS, "all", DEPTH);
        g.transpose("kt" + layer, key, 0, 1, 3, 2);
        g.matMul("raw" + layer, "q" + layer, "kt" + layer);
        g.node("Mul", "s" + layer, List.of("raw" + layer, g.number("c" + layer, SCALE)));
        g.node("Add", "masked" + layer, List.of("s" + layer, "mask"));
        g.node("Softmax", "p" + layer, List.of("masked" + layer), "axis", -1);
        g.matMul("seen" + layer, "p" + layer, value);
        g.transpose("joined" + layer, "seen" + layer, 0, 2, 1, 3);
        g.reshape("flat" + layer, "joined" + layer, 0, -1, HEADS * DEPTH);
        g.matMul("out" + layer, "flat" + layer, "w_o" + layer);
        return g.node("Add", "x" + (layer + 1), List.of(x, "out" + layer));
    }

    /** What was written, less the token itself; ending the text where that is nothing. */
    private void logits(String x) {
        float[][] head = new float[WIDTH][VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            head[WRITTEN + id][id] = SURE;
            head[TOKEN + id][id] = -SURE;
        }
        head[ONE][END] = 0.3f * SURE;
        matrix("unembedding", head);
        g.matMul("logits", x, "unembedding");
        g.output("logits", GraphMaker.FLOAT, "batch", "n", VOCABULARY);
    }

    private static TensorProto scalar(long value) {
        return TensorProto.newBuilder().setDataType(GraphMaker.INT64).addInt64Data(value).build();
    }

    private void matrix(String name, float[][] rows) {
        ByteBuffer raw =
                ByteBuffer.allocate(4 * rows.length * rows[0].length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            for (float value : row) {
                raw.putFloat(value);
            }
        }
        g.initializer(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(GraphMaker.FLOAT)
                        .addDims(rows.length)
                        .addDims(rows[0].length)
                        .setRawData(ByteString.copyFrom(raw.flip()))
                        .build());
    }

    /** The weights of a layer. */
    private static final class Weights {
        private final float[][] q = new float[WIDTH][HEADS * DEPTH];
        private final float[][] k = new float[WIDTH][HEADS * DEPTH];
        private final float[][] v = new float[WIDTH][HEADS * DEPTH];
        private final float[][] o = new float[HEADS * DEPTH][WIDTH];

        /** A head that looks at all alike; its values hold the tokens. */
        Wiring head(Role role) {
            Wiring wiring = new Wiring(this, role.head() * DEPTH);
            for (int id = 0; id < VOCABULARY; id++) {
                v[TOKEN + id][wiring.at + id] = 1;
            }
            return wiring;
        }
    }

    /** One head of a layer, from the column {@code at} on. */
    private record Wiring(Weights weights, int at) {

        /** Scores keys whose part of the stream holds the query's token, or one some ids on. */
        void looksFor(int on, int part, float score) {
            for (int id = 0; id < VOCABULARY - on; id++) {
                weights.q[TOKEN + id][at + id + on] = score / SCALE;
            }
            for (int id = 0; id < VOCABULARY; id++) {
                weights.k[part + id][at + id] = 1;
            }
        }

        /** Scores the key so many positions back, and far less those around it. */
        void looksBack(int positions, float score) {
            float part = score / WAVES / SCALE;
            for (int i = 0; i < WAVES; i++) {
                float cos = (float) Math.cos(ANGLES[i] * positions) * part;
                float sin = (float) Math.sin(ANGLES[i] * positions) * part;
                weights.q[COSINES + i][at + PLACE + i] = cos;
                weights.q[SINES + i][at + PLACE + i] = sin;
                weights.q[SINES + i][at + PLACE + WAVES + i] = cos;
                weights.q[COSINES + i][at + PLACE + WAVES + i] = -sin;
                weights.k[COSINES + i][at + PLACE + i] = 1;
                weights.k[SINES + i][at + PLACE + WAVES + i] = 1;
            }
        }

        void looksAtFirst(float score) {
            weights.q[ONE][at + IS_FIRST] = score / SCALE;
            weights.k[FIRST][at + IS_FIRST] = 1;
        }

        /** Adds the token that is looked at to a part of the stream. */
        void writes(int part, float factor) {
            for (int id = 0; id < VOCABULARY; id++) {
                weights.o[at + id][part + id] = factor;
            }
        }
    }

    /** Ids {@code from} to {@code to}, the last one not included. */
    public static int[] ids(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    /** Several texts one after the other. */
    public static int[] joined(int[]... texts) {
        List<Integer> all = new ArrayList<>();
        for (int[] text : texts) {
            for (int id : text) {
                all.add(id);
            }
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }
}
