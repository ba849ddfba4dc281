package org.headlight.app.cli;

import org.headlight.analysis.rhythm.CreditRule;
import org.headlight.analysis.rhythm.HeadRule;
import org.headlight.analysis.rhythm.Horizon;
import org.headlight.analysis.rhythm.PeakRule;
import org.headlight.analysis.rhythm.ReceiverRule;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.ShuffleRule;
import org.headlight.analysis.rhythm.Strategy;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/** How the rhythm of a response is measured. */
final class RhythmOptions {
    private static final RhythmSettings STANDARD = RhythmSettings.defaults();
    private static final CreditRule CREDIT = CreditRule.defaults();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--window",
            paramLabel = "W",
            description = "Distances are cut at W tokens (default: 10).")
    private int window = STANDARD.window();

    @Option(
            names = "--horizon",
            paramLabel = "LO:HI",
            description =
                    "A token's influence counts from LO to HI tokens ahead (default: 10:50; 0:end"
                            + " is the paper's analysis).")
    private String horizon = STANDARD.horizon().toString();

    @Option(
            names = "--head-share",
            paramLabel = "S",
            description = "Share of the heads that are local, and that are global (default: 0.3).")
    private double headShare = STANDARD.heads().share();

    @Option(
            names = "--layers",
            paramLabel = "WHICH",
            description = "all, or middle: five layers of the middle third (default: all).")
    private String layers = "all";

    @Option(
            names = "--without-first-key",
            description = "Leaves the first key out of the distance that sorts heads.")
    private boolean withoutFirstKey;

    @Option(
            names = "--top-share",
            paramLabel = "Q",
            description = "Share of tokens that are preplan, and anchor, tokens (default: 0.4).")
    private double topShare = CREDIT.topShare();

    @Option(
            names = "--amplification",
            paramLabel = "G",
            description = "Weight of an amplified token (default: 1.5).")
    private double amplification = CREDIT.amplification();

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "Part of a prepared anchor's credit that is handed back (default: 0.5).")
    private double alpha = CREDIT.alpha();

    @Option(
            names = "--look-back",
            paramLabel = "K",
            description = "How many tokens before an anchor may prepare it (default: 3).")
    private int lookBack = CREDIT.lookBack();

    @Option(
            names = "--waad-quantile",
            paramLabel = "P",
            description = "Anchors up to this quantile of WAAD count as prepared (default: 0.5).")
    private double waadQuantile = CREDIT.waadQuantile();

    @Option(
            names = "--step-quantile",
            paramLabel = "P",
            description = "Steps of WAAD from this quantile on prepare (default: 0.5).")
    private double stepQuantile = CREDIT.deltaQuantile();

    @Option(
            names = "--overlap",
            paramLabel = "HOW",
            description = "add or overwrite: an anchor that also introduces (default: add).")
    private String overlap = "add";

    @Option(
            names = "--last-step",
            paramLabel = "HOW",
            description = "zero or missing: the last step of WAAD (default: zero).")
    private String lastStep = "zero";

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            description = "local, global or coupled: whose weights are shown (default: coupled).")
    private String strategy = Strategy.COUPLED.key();

    @Option(
            names = "--peaks",
            paramLabel = "RULE",
            description =
                    "local:P (maxima above the quantile P) or top:S (the largest share S); default:"
                            + " local:0.5.")
    private String peaks = "local:0.5";

    @Option(
            names = "--receivers",
            paramLabel = "N",
            description =
                    "How many receiver heads (default: 20, at most half of the heads of the"
                            + " model).")
    private int receivers = ReceiverRule.defaults().heads();

    @Option(
            names = "--near-sentences",
            paramLabel = "N",
            description = "Sentences nearer than this do not count for receivers (default: 4).")
    private int near = ReceiverRule.defaults().near();

    @Option(
            names = "--shuffles",
            paramLabel = "N",
            description = "How often peaks are laid at random (default: 1000).")
    private int shuffles = ShuffleRule.defaults().count();

    @Option(
            names = "--shuffle-seed",
            paramLabel = "S",
            description = "The same seed gives the same numbers (default: 0).")
    private long seed;

    RhythmSettings settings() {
        return Usage.of(spec)
                .made(() ->
                        new RhythmSettings(
                                window,
                                Horizon.parse(horizon),
                                new HeadRule(
                                        headShare,
                                        chosen(HeadRule.Layers.class, "--layers", layers),
                                        withoutFirstKey),
                                peakRule(),
                                new CreditRule(
                                        topShare,
                                        amplification,
                                        alpha,
                                        waadQuantile,
                                        stepQuantile,
                                        lookBack,
                                        chosen(CreditRule.Overlap.class, "--overlap", overlap),
                                        chosen(CreditRule.LastStep.class, "--last-step", lastStep)),
                                new ReceiverRule(receivers, near),
                                new ShuffleRule(shuffles, seed)));
    }

    Strategy strategy() {
        return Arrays.stream(Strategy.values())
                .filter(s -> s.key().equals(strategy.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        wrong(
                                "--strategy is \""
                                        + strategy
                                        + "\"; expected local, global or coupled."));
    }

    private PeakRule peakRule() {
        String[] parts = peaks.split(":", -1);
        try {
            if (parts.length == 2 && parts[0].equals("local")) {
                return new PeakRule(PeakRule.Kind.LOCAL_MAXIMA, Double.parseDouble(parts[1]));
            }
            if (parts.length == 2 && parts[0].equals("top")) {
                return new PeakRule(PeakRule.Kind.TOP, Double.parseDouble(parts[1]));
            }
        } catch (NumberFormatException e) {
            throw wrong(peakWords());
        }
        throw wrong(peakWords());
    }

    private String peakWords() {
        return "--peaks is \"" + peaks + "\"; expected local:0.5, top:0.2 or the like.";
    }

    private <E extends Enum<E>> E chosen(Class<E> type, String option, String word) {
        return new WordOption<>(option, type).of(word, Objects.requireNonNull(spec));
    }

    private ParameterException wrong(String sentence) {
        return Usage.of(spec).wrong(sentence);
    }
}
