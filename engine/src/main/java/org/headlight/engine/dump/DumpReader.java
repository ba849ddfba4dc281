package org.headlight.engine.dump;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes sites and tokens out of the tensors of a file. */
final class DumpReader {
    private static final Pattern SITE =
            Pattern.compile("layers\\.(\\d{1,5})\\.(attn|q|cross\\.attn|cross\\.q)");

    private final String file;
    private final String name;
    private final TensorFile tensors;
    private final SiteReader siteReader;
    private final Progress progress;

    /** The pieces of a capture. */
    record Content(
            CaptureInfo info, List<Token> tokens, int responseFrom, List<SiteCapture> sites) {}

    /**
     * Makes the reader.
     *
     * @param file what to call the file in sentences
     * @param name short name for people
     */
    DumpReader(String file, String name, TensorFile tensors, Progress progress) {
        this.file = file;
        this.name = name;
        this.tensors = tensors;
        this.progress = progress;
        this.siteReader = new SiteReader(file, tensors);
    }

    Content read() {
        CaptureInfo info = new CaptureInfo(name, "", "dump", "", 0);
        if (CaptureHeader.present(tensors.metadata())) {
            CaptureHeader header = CaptureHeader.read(file, tensors.metadata(), tokens());
            return new Content(header.info(), header.tokens(), header.responseFrom(), own(header));
        }
        TreeSet<SiteKey> keys = new TreeSet<>();
        for (String tensor : names()) {
            Matcher matcher = SITE.matcher(tensor);
            if (matcher.matches()) {
                SiteKind kind =
                        matcher.group(2).startsWith("cross") ? SiteKind.CROSS : SiteKind.SELF;
                keys.add(new SiteKey(Integer.parseInt(matcher.group(1)), kind));
            }
        }
        List<SiteCapture> sites = new ArrayList<>();
        if (keys.isEmpty()) {
            sites.addAll(single());
        }
        int done = 0;
        for (SiteKey key : keys) {
            progress.check();
            progress.at((double) done++ / keys.size(), "checking layer " + key.layer);
            sites.add(siteReader.foreign(key.layer, key.kind, progress));
        }
        return named(info, sites);
    }

    private record SiteKey(int layer, SiteKind kind) implements Comparable<SiteKey> {
        @Override
        public int compareTo(SiteKey other) {
            int byLayer = Integer.compare(layer, other.layer);
            return byLayer != 0 ? byLayer : kind.compareTo(other.kind);
        }
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>(tensors.tensors().keySet());
        names.addAll(tensors.foreign().keySet());
        return names;
    }

    private List<SiteCapture> single() {
        List<Tensor> candidates =
                tensors.tensors().values().stream().filter(t -> t.type().floating()).toList();
        if (candidates.size() != 1) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s holds no attention: expected \"layers.0.q\" with \"layers.0.k\","
                                    + " \"layers.0.attn\", or one array [N, M], [H, N, M] or"
                                    + " [L, H, N, M]; it has %s.",
                            file,
                            listing()));
        }
        return siteReader.single(candidates.getFirst(), progress);
    }

    private String listing() {
        List<String> names = new ArrayList<>(new TreeSet<>(names()));
        if (names.isEmpty()) {
            return "no arrays";
        }
        List<String> shown =
                names.subList(0, Math.min(5, names.size())).stream()
                        .map(n -> "\"" + n + "\"")
                        .toList();
        return String.join(", ", shown)
                + (names.size() > 5
                        ? String.format(Locale.ROOT, " and %,d more", names.size() - 5)
                        : "");
    }

    private List<SiteCapture> own(CaptureHeader header) {
        List<SiteCapture> sites = new ArrayList<>();
        for (CaptureHeader.Site site : header.sites()) {
            progress.check();
            progress.at((double) sites.size() / header.sites().size(), "checking the capture");
            sites.add(siteReader.own(site, header.tokens(), progress));
        }
        if (sites.isEmpty()) {
            throw new BadInputException(file + " is a capture without sites: capture it again.");
        }
        return sites;
    }

    /** Gives the sites of a foreign dump their tokens. */
    private Content named(CaptureInfo info, List<SiteCapture> sites) {
        SiteCapture first = sites.getFirst();
        int rows = first.heads().getFirst().rows();
        int cols = first.heads().getFirst().cols();
        List<Token> all = tokens();
        if (!all.isEmpty() && all.size() != rows && all.size() != cols) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s names %,d tokens and its first map has %,d queries and %,d keys;"
                                    + " expected one of these numbers of tokens.",
                            file,
                            all.size(),
                            rows,
                            cols));
        }
        List<SiteCapture> named = new ArrayList<>();
        for (SiteCapture site : sites) {
            named.add(
                    new SiteCapture(
                            site.layer(),
                            site.kind(),
                            site.node(),
                            site.heads(),
                            site.kvHeads(),
                            site.headDim(),
                            last(all, site.heads().getFirst().rows(), site.kind()),
                            last(all, site.heads().getFirst().cols(), site.kind())));
        }
        List<Token> queries = named.getFirst().queryTokens();
        return new Content(info, queries, queries.size(), named);
    }

    /** The last {@code count} tokens; nameless ones when there are not as many. */
    private static List<Token> last(List<Token> all, int count, SiteKind kind) {
        if (all.size() < count || (kind == SiteKind.CROSS && all.size() != count)) {
            List<Token> nameless = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                nameless.add(new Token(i, -1, "", false));
            }
            return nameless;
        }
        List<Token> tokens = new ArrayList<>();
        for (Token token : all.subList(all.size() - count, all.size())) {
            tokens.add(new Token(tokens.size(), token.id(), token.text(), token.special()));
        }
        return tokens;
    }

    /**
     * The tokens of the file: ids from the tensor, strings and flags from the metadata; empty when
     * it names none.
     */
    private List<Token> tokens() {
        Tensor ids = tensors.tensors().get("tokens");
        if (ids != null && (ids.rank() != 1 || ids.type().floating())) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s: \"tokens\" is %s %s; expected whole numbers [N].",
                            file,
                            ids.type(),
                            ids.shapeText()));
        }
        List<String> strings = strings("token_strings", JsonElement::getAsString);
        int count = ids != null ? ids.dim(0) : strings == null ? 0 : strings.size();
        if (strings != null && strings.size() != count) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has %,d token_strings and %,d tokens; expected as many of both.",
                            file,
                            strings.size(),
                            count));
        }
        List<Integer> flags = strings("token_special", JsonElement::getAsInt);
        Set<Integer> special = flags == null ? Set.of() : new HashSet<>(flags);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(
                    new Token(
                            i,
                            ids == null ? -1 : (int) ids.longAt(i),
                            strings == null ? "" : strings.get(i),
                            special.contains(i)));
        }
        return tokens;
    }

    private <T> @Nullable List<T> strings(String key, Function<JsonElement, T> read) {
        String json = tensors.metadata().get(key);
        if (json == null) {
            return null;
        }
        try {
            List<T> values = new ArrayList<>();
            for (JsonElement element : JsonParser.parseString(json).getAsJsonArray()) {
                values.add(read.apply(element));
            }
            return values;
        } catch (JsonParseException
                | IllegalStateException
                | NumberFormatException
                | UnsupportedOperationException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has metadata \"%s\" that is not a JSON array as expected.",
                            file,
                            key),
                    e);
        }
    }
}
