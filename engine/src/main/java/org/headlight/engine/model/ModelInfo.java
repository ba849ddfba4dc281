package org.headlight.engine.model;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.attention.UnsupportedSite;

import java.nio.file.Path;
import java.util.List;

/**
 * What was found on opening a model.
 *
 * @param name short name for people: the folder's name, or the file's
 * @param file the .onnx file
 * @param hash first 12 hex digits of the SHA-256 of the .onnx file
 * @param sites attention that was understood, by layer
 * @param unsupported attention that was not, with the node and the reason
 * @param inputs inputs of the graph
 * @param cached whether it has a KV cache ({@code past_key_values.*} inputs)
 * @param vocabulary rows of the token embedding; 0 when unknown
 * @param maxPositions positions the model was made for; 0 when unknown
 * @param provider where it runs, such as "CPU, 2 threads"
 */
public record ModelInfo(
        String name,
        Path file,
        String hash,
        List<Site> sites,
        List<UnsupportedSite> unsupported,
        List<Input> inputs,
        boolean cached,
        int vocabulary,
        int maxPositions,
        String provider) {

    /**
     * One attention site.
     *
     * @param form how it is written in the graph, such as "eager"
     * @param node the node's name
     * @param headDim width of a query
     * @param causal whether its mask was causal in the opening probe
     */
    public record Site(
            int layer,
            SiteKind kind,
            String form,
            String node,
            int heads,
            int kvHeads,
            int headDim,
            boolean causal) {}

    /**
     * One input of the graph.
     *
     * @param type element type, such as "int64"
     * @param shape as written in the graph, such as "[batch_size, 3, past_sequence_length, 32]"
     */
    public record Input(String name, String type, String shape) {}
}
