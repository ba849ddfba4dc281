package org.headlight.engine.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a capture file says besides its tensors, kept in the container's metadata.
 *
 * @param info where the capture comes from
 * @param tokens the input
 * @param responseFrom position of the first token that the model wrote; the number of tokens for
 *     none
 * @param sites in the order of the capture
 */
record CaptureHeader(CaptureInfo info, List<Token> tokens, int responseFrom, List<Site> sites) {
    /** Version of the capture format of what was always in it. */
    static final String FORMAT = "1";

    /** Version of files with soft caps, sink logits or biases by distance, which 1 did not know. */
    static final String RICHER_FORMAT = "2";

    private static final String FORMAT_KEY = "headlight.format";
    private static final String SITES_KEY = "headlight.sites";
    private static final String RESPONSE_KEY = "response_from";

    /**
     * One site.
     *
     * @param scales one factor for all heads, or one a head
     * @param softcap of the scaled scores; 0 for none
     * @param sinks whether the tensor {@code sinks} holds a sink logit a head
     * @param queryTokens null when they are the capture's tokens
     * @param keyTokens null when they are the query tokens
     */
    record Site(
            int layer,
            SiteKind kind,
            String node,
            List<Float> scales,
            float softcap,
            boolean sinks,
            MaskRule mask,
            @Nullable List<Token> queryTokens,
            @Nullable List<Token> keyTokens) {

        /** Whether a reader of the first format would show it wrong. */
        boolean richer() {
            return softcap > 0 || sinks || mask instanceof MaskRule.Distances;
        }

        /** Start of the names of its tensors: {@code layers.3.} or {@code layers.3.cross.}. */
        String prefix() {
            return "layers." + layer + (kind == SiteKind.CROSS ? ".cross." : ".");
        }
    }

    /** Whether the metadata comes from this program (of whatever version). */
    static boolean present(Map<String, String> metadata) {
        return metadata.containsKey(FORMAT_KEY);
    }

    /** The metadata of the container. Simple facts have keys of their own, for other readers. */
    Map<String, String> metadata() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(FORMAT_KEY, sites.stream().anyMatch(Site::richer) ? RICHER_FORMAT : FORMAT);
        String version = CaptureHeader.class.getPackage().getImplementationVersion();
        map.put("headlight.version", version == null ? "development" : version);
        map.put("model", info.source());
        map.put("model_hash", info.modelHash());
        map.put("form", info.form());
        map.put("provider", info.provider());
        map.put("seconds", String.valueOf(info.seconds()));
        map.put("causal", String.valueOf(sites.stream().allMatch(CaptureHeader::causal)));
        map.put("scale", scale());
        map.put("softcap", softcap());
        JsonArray strings = new JsonArray();
        tokens.forEach(t -> strings.add(t.text()));
        map.put("token_strings", strings.toString());
        JsonArray special = new JsonArray();
        tokens.stream().filter(Token::special).forEach(t -> special.add(t.position()));
        map.put("token_special", special.toString());
        if (responseFrom < tokens.size()) {
            map.put(RESPONSE_KEY, String.valueOf(responseFrom));
        }
        JsonArray array = new JsonArray();
        sites.forEach(s -> array.add(json(s)));
        map.put(SITES_KEY, array.toString());
        return map;
    }

    private static boolean causal(Site site) {
        return site.mask instanceof MaskRule.Causal || site.mask instanceof MaskRule.Window;
    }

    private String scale() {
        List<Float> different = sites.stream().flatMap(s -> s.scales.stream()).distinct().toList();
        return different.size() == 1 ? String.valueOf(different.getFirst()) : "by site";
    }

    private String softcap() {
        List<Float> different = sites.stream().map(Site::softcap).distinct().toList();
        return different.size() == 1 ? String.valueOf(different.getFirst()) : "by site";
    }

    private static JsonObject json(Site site) {
        JsonObject json = new JsonObject();
        json.addProperty("layer", site.layer);
        json.addProperty("kind", site.kind == SiteKind.CROSS ? "cross" : "self");
        json.addProperty("node", site.node);
        JsonArray scales = new JsonArray();
        site.scales.forEach(scales::add);
        json.add("scale", scales);
        if (site.softcap > 0) {
            json.addProperty("softcap", site.softcap);
        }
        if (site.sinks) {
            json.addProperty("sinks", true);
        }
        json.add("mask", site.mask.json());
        if (site.queryTokens != null) {
            json.add("query_tokens", json(site.queryTokens));
        }
        if (site.keyTokens != null) {
            json.add("key_tokens", json(site.keyTokens));
        }
        return json;
    }

    private static JsonArray json(List<Token> tokens) {
        JsonArray array = new JsonArray();
        for (Token token : tokens) {
            JsonArray one = new JsonArray();
            one.add(token.id());
            one.add(token.text());
            one.add(token.special());
            array.add(one);
        }
        return array;
    }

    /**
     * Reads the metadata back.
     *
     * @param tokens the tokens of the file
     * @throws BadInputException when the file is of another version, or damaged
     */
    static CaptureHeader read(String file, Map<String, String> metadata, List<Token> tokens) {
        String format = metadata.get(FORMAT_KEY);
        if (!FORMAT.equals(format) && !RICHER_FORMAT.equals(format)) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is a capture of format %s and this version of Headlight reads"
                                    + " formats %s and %s: capture it again, or open it with the"
                                    + " version that wrote it (%s).",
                            file,
                            format,
                            FORMAT,
                            RICHER_FORMAT,
                            metadata.getOrDefault("headlight.version", "unknown")));
        }
        try {
            List<Site> sites = new ArrayList<>();
            String json = metadata.getOrDefault(SITES_KEY, "[]");
            for (JsonElement element : JsonParser.parseString(json).getAsJsonArray()) {
                sites.add(site(element.getAsJsonObject()));
            }
            String response = metadata.get(RESPONSE_KEY);
            int from = response == null ? tokens.size() : Integer.parseInt(response);
            return new CaptureHeader(
                    info(metadata), tokens, Math.clamp(from, 0, tokens.size()), sites);
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | UnsupportedOperationException
                | NullPointerException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s has damaged capture metadata (%s): capture it again.",
                            file,
                            SITES_KEY),
                    e);
        }
    }

    private static CaptureInfo info(Map<String, String> metadata) {
        return new CaptureInfo(
                metadata.getOrDefault("model", ""),
                metadata.getOrDefault("model_hash", ""),
                metadata.getOrDefault("form", ""),
                metadata.getOrDefault("provider", ""),
                Double.parseDouble(metadata.getOrDefault("seconds", "0")));
    }

    private static Site site(JsonObject json) {
        List<Float> scales = new ArrayList<>();
        json.getAsJsonArray("scale").forEach(s -> scales.add(s.getAsFloat()));
        return new Site(
                json.get("layer").getAsInt(),
                json.get("kind").getAsString().equals("cross") ? SiteKind.CROSS : SiteKind.SELF,
                json.get("node").getAsString(),
                scales,
                json.has("softcap") ? json.get("softcap").getAsFloat() : 0,
                json.has("sinks") && json.get("sinks").getAsBoolean(),
                MaskRule.of(json.getAsJsonObject("mask")),
                tokens(json, "query_tokens"),
                tokens(json, "key_tokens"));
    }

    private static @Nullable List<Token> tokens(JsonObject json, String key) {
        if (!json.has(key)) {
            return null;
        }
        List<Token> tokens = new ArrayList<>();
        for (JsonElement element : json.getAsJsonArray(key)) {
            JsonArray one = element.getAsJsonArray();
            tokens.add(
                    new Token(
                            tokens.size(),
                            one.get(0).getAsInt(),
                            one.get(1).getAsString(),
                            one.get(2).getAsBoolean()));
        }
        return tokens;
    }
}
