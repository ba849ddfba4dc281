package org.headlight.app.atlas;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.heads.Detector;
import org.headlight.analysis.heads.DetectorScores;
import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.analysis.heads.HeadStatistics;
import org.headlight.analysis.heads.OffsetProfile;
import org.headlight.analysis.heads.RowShares;
import org.headlight.analysis.heads.likeness.Clusters;
import org.headlight.analysis.heads.pattern.PatternFit;
import org.headlight.analysis.heads.probe.HeadProbe;
import org.headlight.analysis.heads.probe.ProbeScores;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** An atlas as the JSON that the command line prints and the pane writes. */
public final class AtlasJson {
    private final HeadAtlas atlas;
    private final boolean named;
    private final Clusters clusters;

    /**
     * Prepares the document.
     *
     * @param named whether the tokens have ids: without, repeats mean nothing
     * @param cut the mean distance up to which clusters are joined
     */
    public AtlasJson(HeadAtlas atlas, boolean named, double cut) {
        this.atlas = atlas;
        this.named = named;
        this.clusters = atlas.clusters(cut);
    }

    /** Whether all tokens of a capture have ids. */
    public static boolean named(Capture capture) {
        return capture.tokens().stream().allMatch(t -> t.id() >= 0);
    }

    /**
     * The whole document.
     *
     * @param source what was read
     * @param probe what heads did on a probe; null when none was run
     */
    public JsonObject document(String source, List<Token> tokens, @Nullable HeadProbe probe) {
        JsonObject document = new JsonObject();
        document.addProperty("source", source);
        document.addProperty("tokens", tokens.size());
        document.addProperty("clusters", clusters.count());
        JsonArray heads = new JsonArray();
        for (int i = 0; i < atlas.heads().size(); i++) {
            heads.add(head(i, probe));
        }
        document.add("heads", heads);
        return document;
    }

    private JsonObject head(int index, @Nullable HeadProbe probe) {
        HeadPortrait head = atlas.heads().get(index);
        HeadStatistics s = head.statistics();
        JsonObject json = new JsonObject();
        json.addProperty("layer", s.layer());
        json.addProperty("head", s.head());
        json.addProperty("name", s.name());
        json.addProperty("kind", head.kind().label());
        json.add("entropy", number(s.entropy()));
        json.add("meanDistance", number(s.meanDistance()));
        json.add("received0", number(s.received0()));
        json.add("sinkRate", number(s.sinkRate()));
        json.add("previousToken", number(s.previousToken()));
        json.add("duplicateToken", known(s.duplicateToken()));
        json.add("induction", known(s.induction()));
        json.add("locality", number(s.locality()));
        json.add("confidence", number(s.confidence()));
        json.add("evenness", number(head.evenness()));
        json.add("support", number(head.support()));
        json.add("participation", number(head.participation()));
        json.add("topSupport", number(head.topSupport()));
        json.add("sparsity", number(head.sparsity()));
        json.add("gini", number(head.gini()));
        json.add("kurtosis", number(head.kurtosis()));
        json.add("valueFirst", number(head.valueFirst()));
        json.add("valueShift", number(head.valueShift()));
        head.shares().ifPresent(shares -> json.add("rows", rows(shares)));
        head.detectors().ifPresent(scores -> json.add("detector", detector(scores)));
        head.pattern().ifPresent(fit -> json.add("pattern", pattern(fit)));
        json.addProperty("group", head.group());
        json.add("groupDisagreement", number(atlas.disagreement(index)));
        json.addProperty("cluster", clusters.of(index));
        head.profile()
                .ifPresent(profile -> {
                    json.add("distances", distances(profile));
                    JsonObject ahead = new JsonObject();
                    ahead.add("share", number(profile.ahead().share()));
                    ahead.add("expected", number(profile.ahead().expected()));
                    json.add("ahead", ahead);
                });
        int probed = probe == null ? -1 : probe.names().indexOf(s.name());
        if (probe != null && probed >= 0) {
            json.add("probe", probe(probe.scores().get(probed)));
        }
        return json;
    }

    private JsonObject rows(RowShares shares) {
        JsonObject json = new JsonObject();
        json.add("previous", number(shares.previous()));
        json.add("current", number(shares.current()));
        json.add("first", number(shares.first()));
        json.add("duplicate", known(shares.duplicate()));
        json.add("induction", known(shares.induction()));
        return json;
    }

    private JsonObject detector(DetectorScores scores) {
        JsonObject json = new JsonObject();
        for (Detector detector : Detector.values()) {
            JsonObject measures = new JsonObject();
            for (Detector.Measure measure : Detector.Measure.values()) {
                JsonObject exclusions = new JsonObject();
                for (int i = 0; i < 4; i++) {
                    Detector.Options options =
                            new Detector.Options(measure, i % 2 == 1, i / 2 == 1);
                    double score = scores.score(detector, options);
                    String name = List.of("none", "first", "current", "both").get(i);
                    exclusions.add(
                            name, detector == Detector.PREVIOUS ? number(score) : known(score));
                }
                measures.add(measure.name().toLowerCase(Locale.ROOT), exclusions);
            }
            json.add(detector.name().toLowerCase(Locale.ROOT), measures);
        }
        return json;
    }

    private static JsonObject pattern(PatternFit fit) {
        JsonObject json = new JsonObject();
        json.addProperty("family", fit.family().label());
        json.addProperty("best", fit.best().candidate().label());
        json.add("kept", number(fit.best().mass()));
        json.addProperty("scaled", fit.scaled());
        JsonArray tried = new JsonArray();
        for (PatternFit.Kept kept : fit.kept()) {
            JsonObject each = new JsonObject();
            each.addProperty("candidate", kept.candidate().label());
            each.add("kept", number(kept.mass()));
            tried.add(each);
        }
        json.add("tried", tried);
        return json;
    }

    private static JsonArray distances(OffsetProfile profile) {
        JsonArray array = new JsonArray();
        for (OffsetProfile.Range range : profile.ranges()) {
            JsonObject json = new JsonObject();
            json.addProperty("from", range.from());
            json.addProperty("to", range.to());
            json.add("share", number(range.share()));
            json.add("expected", number(range.expected()));
            json.add("ratio", number(range.ratio()));
            array.add(json);
        }
        return array;
    }

    private static JsonObject probe(ProbeScores.Scores scores) {
        JsonObject json = new JsonObject();
        json.add("previous", number(scores.previous()));
        json.add("duplicate", number(scores.duplicate()));
        json.add("induction", number(scores.induction()));
        json.addProperty("rows", scores.rows());
        return json;
    }

    private JsonElement known(double value) {
        return named ? number(value) : JsonNull.INSTANCE;
    }

    /** A number; null when it has no value. */
    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
