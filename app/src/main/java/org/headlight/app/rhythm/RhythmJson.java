package org.headlight.app.rhythm;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import org.headlight.analysis.rhythm.CouplingStatistic;
import org.headlight.analysis.rhythm.CreditRule;
import org.headlight.analysis.rhythm.HeadRule;
import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.analysis.rhythm.RhythmHead;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.RhythmToken;
import org.headlight.analysis.rhythm.Strategy;

import java.util.List;
import java.util.Locale;

/** The rhythm of a response as the command line gives it. */
public final class RhythmJson {
    private RhythmJson() {}

    /**
     * The document.
     *
     * @param source what it was measured on
     * @param strategy whose weights stand under {@code weight}
     */
    public static JsonObject of(String source, Rhythm rhythm, Strategy strategy) {
        JsonObject json = new JsonObject();
        json.addProperty("source", source);
        json.addProperty("responseFrom", rhythm.from());
        json.add("settings", settings(rhythm.settings(), strategy));
        JsonArray tokens = new JsonArray();
        rhythm.tokens().forEach(token -> tokens.add(token(token, strategy)));
        json.add("tokens", tokens);
        json.add("localHeads", names(rhythm.local()));
        json.add("globalHeads", names(rhythm.global()));
        json.add("receiverHeads", names(rhythm.receivers()));
        JsonArray heads = new JsonArray();
        for (RhythmHead head : rhythm.heads()) {
            JsonObject one = new JsonObject();
            one.addProperty("layer", head.layer());
            one.addProperty("head", head.head());
            one.addProperty("name", head.name());
            one.add("distance", number(head.distance()));
            one.add("kurtosis", number(head.kurtosis()));
            heads.add(one);
        }
        json.add("heads", heads);
        json.add("coupling", coupling(rhythm));
        JsonObject sawtooth = new JsonObject();
        sawtooth.addProperty("chunks", rhythm.sawtooth().chunks());
        sawtooth.add("period", number(rhythm.sawtooth().period()));
        sawtooth.add("fall", number(rhythm.sawtooth().fall()));
        sawtooth.add("rise", number(rhythm.sawtooth().rise()));
        json.add("sawtooth", sawtooth);
        json.add("tauWaad", number(rhythm.tauWaad()));
        json.add("tauStep", number(rhythm.tauStep()));
        json.addProperty("sentences", rhythm.sentences());
        JsonArray notes = new JsonArray();
        rhythm.notes().forEach(notes::add);
        json.add("notes", notes);
        return json;
    }

    private static JsonObject token(RhythmToken token, Strategy strategy) {
        RhythmToken.Marks marks = token.marks();
        JsonObject json = new JsonObject();
        json.addProperty("position", token.position());
        json.addProperty("token", token.token().text());
        json.add("waad", number(token.waad()));
        json.add("fai", number(token.fai()));
        json.add("entropy", number(token.entropy()));
        json.addProperty("preplan", marks.preplan());
        json.addProperty("anchor", marks.anchor());
        json.add("weight", number(token.weight().of(strategy)));
        json.add("step", number(token.step()));
        json.add("receiverFai", number(token.receiverFai()));
        json.add("attentionEntropy", number(token.attentionEntropy()));
        json.addProperty("waadPeak", marks.waadPeak());
        json.addProperty("faiPeak", marks.faiPeak());
        json.addProperty("receiverPeak", marks.receiverPeak());
        json.addProperty("prepared", marks.prepared());
        json.addProperty("introduces", marks.introduces());
        JsonObject weights = new JsonObject();
        for (Strategy each : Strategy.values()) {
            weights.add(each.key(), number(token.weight().of(each)));
        }
        json.add("weights", weights);
        return json;
    }

    private static JsonObject coupling(Rhythm rhythm) {
        JsonObject json = new JsonObject();
        json.add("entropyAtWaadPeaks", statistic(rhythm.coupling().entropyAtWaadPeaks()));
        json.add("receiverPeaksGlobal", statistic(rhythm.coupling().receiverPeaksGlobal()));
        json.add("faiPeaksAfterWaadPeaks", statistic(rhythm.coupling().faiPeaksAfterWaadPeaks()));
        json.addProperty("shuffles", rhythm.settings().shuffles().count());
        json.addProperty("seed", rhythm.settings().shuffles().seed());
        return json;
    }

    private static JsonObject statistic(CouplingStatistic statistic) {
        JsonObject json = new JsonObject();
        json.addProperty("peaks", statistic.peaks());
        json.add("observed", number(statistic.observed()));
        json.add("random", number(statistic.random()));
        json.add("lift", number(statistic.lift()));
        json.add("low", number(statistic.low()));
        json.add("high", number(statistic.high()));
        json.add("p", number(statistic.p()));
        return json;
    }

    private static JsonObject settings(RhythmSettings settings, Strategy strategy) {
        JsonObject json = new JsonObject();
        json.addProperty("window", settings.window());
        json.addProperty("horizon", settings.horizon().toString());
        HeadRule heads = settings.heads();
        json.addProperty("headShare", heads.share());
        json.addProperty("layers", word(heads.layers()));
        json.addProperty("withoutFirstKey", heads.withoutFirstKey());
        json.addProperty("peakRule", word(settings.peaks().kind()));
        json.addProperty("peakLevel", settings.peaks().level());
        CreditRule credit = settings.credit();
        json.addProperty("strategy", strategy.key());
        json.addProperty("topShare", credit.topShare());
        json.addProperty("amplification", credit.amplification());
        json.addProperty("alpha", credit.alpha());
        json.addProperty("waadQuantile", credit.waadQuantile());
        json.addProperty("stepQuantile", credit.deltaQuantile());
        json.addProperty("lookBack", credit.lookBack());
        json.addProperty("overlap", word(credit.overlap()));
        json.addProperty("lastStep", word(credit.lastStep()));
        json.addProperty("receivers", settings.receivers().heads());
        json.addProperty("nearSentences", settings.receivers().near());
        return json;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static JsonArray names(List<RhythmHead> heads) {
        JsonArray names = new JsonArray();
        heads.forEach(head -> names.add(head.name()));
        return names;
    }

    private static JsonElement number(double value) {
        return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
    }
}
