package org.headlight.assets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The catalogue: one method per kind of asset. Immutable and cheap to make. */
public final class Assets {

    /**
     * The folder of the embedded model headlight-demo: model.onnx, model_no_cache.onnx,
     * tokenizer.json, config.json and its card, README.md. Packed in a jar, it is copied once into
     * the user's cache folder, whole or not at all.
     */
    public Path demoModelFolder() {
        return new DemoModel(Assets.class).folder();
    }

    /**
     * Where this user's caches are kept; it need not exist yet. {@code XDG_CACHE_HOME} or its
     * counterpart, or the property {@code headlight.cache}.
     */
    public Path cacheFolder() {
        return new CacheFolder(System.getProperties(), System.getenv()).path();
    }

    /** The sample texts, in the order of the menu. */
    public List<SampleText> texts() {
        List<SampleText> texts = new ArrayList<>();
        for (String line : string("texts/index.tsv").lines().toList()) {
            List<String> cells = List.of(line.split("\t", -1));
            texts.add(
                    new SampleText(
                            cells.get(0),
                            cells.get(1),
                            cells.get(2),
                            cells.get(3),
                            string("texts/" + cells.get(0) + ".txt").stripTrailing()));
        }
        return List.copyOf(texts);
    }

    /**
     * The sample text with the given name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public SampleText text(String name) {
        return texts().stream()
                .filter(text -> text.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no sample text " + name));
    }

    /**
     * Facts to be hidden in a long text.
     *
     * @param set {@code demo} for facts of the kind that the embedded model was trained on, {@code
     *     english} for facts in plain English
     */
    public List<SampleNeedle> needles(String set) {
        List<SampleNeedle> needles = new ArrayList<>();
        for (String line : string("retrieval/needles.tsv").lines().toList()) {
            List<String> cells = List.of(line.split("\t", -1));
            if (cells.get(0).equals(set)) {
                needles.add(
                        new SampleNeedle(
                                cells.get(1),
                                cells.get(2),
                                cells.get(3),
                                cells.get(4),
                                cells.get(5).replace("\\n", "\n")));
            }
        }
        return List.copyOf(needles);
    }

    /** Some 46,000 letters of prose to hide things in. */
    public SampleText haystack() {
        return new SampleText(
                "time-machine",
                "The Time Machine",
                "Prose to hide a needle in.",
                "H. G. Wells, The Time Machine (1895), public domain, the first chapters",
                string("retrieval/haystack.txt").stripTrailing());
    }

    /** A small corpus of short documents in three domains, as JSONL: id, domain, text. */
    public String exampleCorpus() {
        return string("corpora/example.jsonl");
    }

    /** A hundred plain sentences, each true of nothing in particular. */
    public List<String> sentences() {
        return string("corpora/sentences.txt").lines().filter(line -> !line.isBlank()).toList();
    }

    /** The bytes of a font; the caller closes the stream. */
    public InputStream font(FontFace face) {
        return open("fonts/" + face.file());
    }

    /** The address of a style sheet in {@code css/}, such as {@code headlight.css}. */
    public String styleSheet(String name) {
        return url("css/" + name).toExternalForm();
    }

    /** The bytes of an icon in {@code icons/}, such as {@code headlight-128.png}. */
    public InputStream icon(String name) {
        return open("icons/" + name);
    }

    private static String string(String name) {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        try {
            return url(name).openStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(String name) {
        return Objects.requireNonNull(Assets.class.getResource(name), "no asset " + name);
    }
}
