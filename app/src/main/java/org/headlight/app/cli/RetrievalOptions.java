package org.headlight.app.cli;

import org.headlight.analysis.retrieval.HeadMask;
import org.headlight.analysis.retrieval.MaskPhase;
import org.headlight.analysis.retrieval.RetrievalPlan;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.analysis.retrieval.TrialSettings;
import org.headlight.analysis.retrieval.TrialStore;
import org.headlight.app.retrieval.NumberList;
import org.headlight.app.retrieval.RetrievalDefaults;
import org.headlight.app.retrieval.TrialFolder;
import org.headlight.engine.model.ModelInfo;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which trials are made, how they are judged, and what is masked. */
final class RetrievalOptions {
    private static final Pattern MASK = Pattern.compile("(top|random):([1-9]\\d{0,5})");

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--needles",
            paramLabel = "FILE",
            description =
                    "Facts to hide: a file of JSON objects with needle, question and answer, or"
                            + " demo or english for those of Headlight (default: what suits the"
                            + " model).")
    private @Nullable String needles;

    @Option(
            names = "--haystack",
            paramLabel = "FILE",
            description =
                    "The text to hide them in, in UTF-8 (default: The Time Machine by Wells).")
    private @Nullable Path haystack;

    @Option(
            names = "--lengths",
            paramLabel = "LIST",
            description =
                    "Tokens of the prompt, as 128,512 or from:to:count; 0 for the needle alone"
                            + " (default: 5, up to the model's positions).")
    private @Nullable String lengths;

    @Option(
            names = "--depths",
            paramLabel = "LIST",
            description = "Where the needle is, in percent (default: 0:100:10).")
    private @Nullable String depths;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "The most tokens of a response (default: 50).")
    private int maxTokens = TrialSettings.DEFAULT.maxTokens();

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "A head copies what one of its K largest weights is on (default: 1).")
    private int topK = TrialSettings.DEFAULT.topK();

    @Option(
            names = "--success",
            paramLabel = "R",
            description = "A trial counts when its ROUGE-1 recall is above R (default: 0.5).")
    private double success = TrialSettings.DEFAULT.success();

    @Option(
            names = "--score",
            paramLabel = "KIND",
            description =
                    "set, as the paper defines it, or count, as its code does (default: set).")
    private String score = ScoreKind.SET.key();

    @Option(
            names = "--mask",
            paramLabel = "HEADS",
            description =
                    "Makes the trials again with heads masked: top:K, random:K (of the same"
                            + " layers), or both with a comma between.")
    private @Nullable String mask;

    @Option(
            names = "--mask-phase",
            paramLabel = "PHASE",
            description =
                    "When heads are masked: decode, as in the paper, or all, while the prompt is"
                            + " read too (default: decode).")
    private String phase = MaskPhase.DECODE.key();

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Chooses the random heads (default: 0).")
    private long seed;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description =
                    "The folder that finished trials are taken from and put into (default: in the"
                            + " user's cache folder).")
    private @Nullable Path resume;

    @Option(names = "--fresh", description = "Takes no trials from a folder and keeps none.")
    private boolean fresh;

    /**
     * Heads to be masked.
     *
     * @param top the best, otherwise random ones
     */
    record MaskWish(boolean top, int count) {
        HeadMask heads(RetrievalScores scores, ScoreKind kind, long seed) {
            return top
                    ? HeadMask.top(scores, kind, count)
                    : HeadMask.random(scores, kind, count, seed);
        }
    }

    /** Refuses options that contradict themselves, before a model is opened. */
    void check() {
        kind();
        phase();
        masks();
        settings();
        Usage usage = Usage.of(spec);
        usage.belong(mask != null, "--mask", "--mask-phase");
        usage.belong(masks().stream().anyMatch(wish -> !wish.top), "--mask random:K", "--seed");
        if (fresh && resume != null) {
            throw wrong("--fresh keeps nothing and --resume names a folder; give one of them.");
        }
        usage.made(() -> lengths(List.of(1)));
        usage.made(() -> RetrievalPlan.checkedDepths(depths(List.of(1.0))));
    }

    private List<Integer> lengths(List<Integer> otherwise) {
        String given = lengths;
        return given == null ? otherwise : new NumberList("lengths", "128,512").wholeNumbers(given);
    }

    private List<Double> depths(List<Double> otherwise) {
        String given = depths;
        return given == null ? otherwise : new NumberList("depths", "0,50,100").numbers(given);
    }

    private TrialSettings settings() {
        return Usage.of(spec).made(() -> new TrialSettings(maxTokens, topK, success));
    }

    RetrievalPlan plan(RetrievalDefaults defaults, ModelInfo model) {
        TrialSettings settings = settings();
        return new RetrievalPlan(
                defaults.needles(needles, model),
                defaults.haystack(haystack),
                lengths(defaults.lengths(model, settings)),
                depths(defaults.depths()),
                settings);
    }

    TrialStore store(RetrievalDefaults defaults) {
        if (fresh) {
            return TrialStore.inMemory();
        }
        Path folder = resume;
        return new TrialFolder(folder == null ? defaults.folder() : folder);
    }

    List<MaskWish> masks() {
        List<MaskWish> wishes = new ArrayList<>();
        String given = mask;
        if (given != null) {
            for (String part : given.split(",", -1)) {
                Matcher matcher = MASK.matcher(part.strip());
                if (!matcher.matches()) {
                    throw wrong(
                            "--mask "
                                    + given
                                    + ": expected top:K or random:K with a number of heads, such"
                                    + " as top:5, or both with a comma between.");
                }
                wishes.add(
                        new MaskWish(
                                matcher.group(1).equals("top"),
                                Integer.parseInt(matcher.group(2))));
            }
        }
        return wishes;
    }

    ScoreKind kind() {
        for (ScoreKind kind : ScoreKind.values()) {
            if (kind.key().equals(score)) {
                return kind;
            }
        }
        throw wrong("--score is \"" + score + "\"; expected set or count.");
    }

    MaskPhase phase() {
        for (MaskPhase known : MaskPhase.values()) {
            if (known.key().equals(phase)) {
                return known;
            }
        }
        throw wrong("--mask-phase is \"" + phase + "\"; expected decode or all.");
    }

    long seed() {
        return seed;
    }

    private ParameterException wrong(String sentence) {
        return Usage.of(spec).wrong(sentence);
    }
}
