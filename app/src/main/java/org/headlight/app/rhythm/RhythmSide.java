package org.headlight.app.rhythm;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.scene.control.TitledPane;

import org.headlight.analysis.rhythm.CreditRule;
import org.headlight.analysis.rhythm.HeadRule;
import org.headlight.analysis.rhythm.PeakRule;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.SettingsForm;
import org.headlight.app.reading.SidePane;

import java.util.List;
import java.util.Locale;

/** Coupling, the sets of heads, and every setting. */
final class RhythmSide extends SidePane {
    private final HeadSetsCard heads;

    RhythmSide(RhythmViewModel view, ExploreViewModel explore, ReadOnlyBooleanProperty dark) {
        heads = new HeadSetsCard(view, explore, dark);
        put(
                title("Coupling"),
                new CouplingCard(view),
                title("Sets of heads"),
                heads,
                folded("How it is measured", measuring(view)),
                folded("Preplan, anchor and credit", credit(view)),
                folded("Peaks, receivers and shuffles", peaks(view)));
    }

    HeadSetsCard heads() {
        return heads;
    }

    private static TitledPane folded(String text, SettingsForm form) {
        TitledPane pane = new TitledPane(text, form);
        pane.setAnimated(false);
        pane.setExpanded(text.startsWith("How"));
        pane.getStyleClass().add("dense");
        return pane;
    }

    private static SettingsForm measuring(RhythmViewModel view) {
        RhythmControls c = view.controls();
        SettingsForm form = new SettingsForm();
        form.whole(
                "W", c.window, 1, 1_000_000, 1, "Distances are cut at W tokens; 10 in the paper.");
        form.whole(
                "H from",
                c.lo,
                0,
                1_000_000,
                1,
                "A token's influence counts from so many tokens ahead; 10 in the paper's"
                        + " training.");
        form.whole(
                "H to",
                c.hi,
                0,
                1_000_000,
                5,
                "And up to so many; 50 in version 1 of the paper, 100 in version 2.");
        form.check(
                "H to the end of the response",
                c.toEnd,
                "As in the paper's analysis, which counts from the token on.");
        form.number(
                "Heads in a set",
                c.headShare,
                0.01,
                1,
                0.05,
                "Share of the heads that are local, and that are global; 0.3 in the paper, as an"
                        + " example.");
        form.choice(
                "Layers",
                c.layers,
                List.of(HeadRule.Layers.values()),
                layers -> layers == HeadRule.Layers.ALL ? "all" : "middle five",
                "All layers, or five evenly spaced ones between a third and two thirds of the"
                        + " depth, as in the paper's training.");
        form.check(
                "d without the first key",
                c.withoutFirst,
                "A head that rests on the first token looks far without looking at anything; this"
                        + " leaves that mass out when heads are sorted. Ours.");
        return form;
    }

    private static SettingsForm credit(RhythmViewModel view) {
        RhythmControls c = view.controls();
        SettingsForm form = new SettingsForm();
        form.number(
                "q",
                c.topShare,
                0.01,
                1,
                0.05,
                "Share of the tokens that are preplan tokens, and anchor tokens; 0.4 in the"
                        + " paper.");
        form.number(
                "\u03b3 amplified",
                c.amplification,
                0,
                100,
                0.1,
                "Weight of an amplified token; 1.5 in the paper.");
        form.number(
                "\u03b1",
                c.alpha,
                0,
                1,
                0.1,
                "Part of a prepared anchor's credit that goes to the token that introduced it. The"
                        + " paper does not say; ours is 0.5.");
        form.whole(
                "k",
                c.lookBack,
                1,
                1000,
                1,
                "How many tokens before an anchor may introduce it; the paper names 1, 2 and 3.");
        openQuestions(form, c);
        return form;
    }

    /** What the paper leaves open. */
    private static void openQuestions(SettingsForm form, RhythmControls c) {
        form.number(
                "\u03c4 of WAAD",
                c.waadQuantile,
                0,
                1,
                0.05,
                "An anchor whose WAAD is at most this quantile was prepared. Not in the paper; ours"
                        + " is the median.");
        form.number(
                "\u03c4 of \u0394",
                c.stepQuantile,
                0,
                1,
                0.05,
                "A step of WAAD of at least this quantile prepares. Not in the paper; ours is the"
                        + " median.");
        form.choice(
                "Overlap",
                c.overlap,
                List.of(CreditRule.Overlap.values()),
                RhythmSide::word,
                "An anchor that also introduces another one gets both weights, as the formula is"
                        + " written, or the introduction's alone.");
        form.choice(
                "Last step",
                c.lastStep,
                List.of(CreditRule.LastStep.values()),
                RhythmSide::word,
                "The step of the last token, which has none after it. Not in the paper; ours is"
                        + " zero.");
    }

    private static SettingsForm peaks(RhythmViewModel view) {
        RhythmControls c = view.controls();
        SettingsForm form = new SettingsForm();
        form.choice(
                "A peak is",
                c.peaks,
                List.of(PeakRule.Kind.values()),
                kind -> kind == PeakRule.Kind.TOP ? "in the top" : "a maximum",
                "Larger than both neighbours and above a quantile, or among the largest. The paper"
                        + " does not say; ours is maxima above the median.");
        form.number(
                "Quantile or share",
                c.peakLevel,
                0,
                1,
                0.05,
                "The quantile that a maximum must exceed, or the share that is the top.");
        form.whole(
                "Receiver heads",
                c.receivers,
                1,
                100_000,
                1,
                "20 in Thought Anchors (arXiv 2506.19143); at most half of the heads here.");
        form.whole(
                "Near sentences",
                c.near,
                1,
                1000,
                1,
                "Sentences nearer than this do not count for receivers; 4 in Thought Anchors.");
        form.whole(
                "Shuffles", c.shuffles, 1, 1_000_000, 100, "How often peaks are laid at random.");
        form.whole("Seed", c.seed, 0, Integer.MAX_VALUE, 1, "The same seed, the same numbers.");
        return form;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
