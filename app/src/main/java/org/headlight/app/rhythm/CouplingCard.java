package org.headlight.app.rhythm;

import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

import org.headlight.analysis.rhythm.Coupling;
import org.headlight.analysis.rhythm.CouplingStatistic;
import org.headlight.analysis.rhythm.Rhythm;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** How the peaks hang together, each number with its band of shuffles. */
final class CouplingCard extends VBox {
    private static final double LEAST = 0.001;

    CouplingCard(RhythmViewModel view) {
        super(8);
        view.rhythmProperty().subscribe(this::show);
    }

    private void show(@Nullable Rhythm rhythm) {
        getChildren().clear();
        if (rhythm == null) {
            return;
        }
        Coupling coupling = rhythm.coupling();
        line(
                "FAI peaks at WAAD peaks",
                "Share of the FAI peaks that lie on a WAAD peak or right after one, against FAI"
                        + " peaks laid at random.",
                coupling.faiPeaksAfterWaadPeaks(),
                true);
        line(
                "Entropy at WAAD peaks",
                "Mean entropy of the distributions that the tokens at WAAD peaks were drawn from,"
                        + " against that of all tokens of the response.",
                coupling.entropyAtWaadPeaks(),
                false);
        line(
                "Receiver peaks global, too",
                "Share of the FAI peaks of the receiver heads that are FAI peaks of the global"
                        + " heads, against the share of tokens that are such peaks.",
                coupling.receiverPeaksGlobal(),
                true);
        Label band =
                new Label(
                        "dot: observed; stroke: by chance; band: 90 % of "
                                + NumberText.count(rhythm.settings().shuffles().count())
                                + " shuffles");
        band.getStyleClass().add("caption");
        band.setWrapText(true);
        getChildren().add(band);
        rhythm.notes().forEach(this::note);
    }

    private void note(String sentence) {
        Label label = new Label(sentence);
        label.getStyleClass().add("caption");
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        getChildren().add(label);
    }

    private void line(String name, String tip, CouplingStatistic statistic, boolean share) {
        Label left = new Label(name);
        left.setMinWidth(0);
        left.setTooltip(new Tooltip(tip));
        HBox.setHgrow(left, Priority.ALWAYS);
        left.setMaxWidth(Double.MAX_VALUE);
        if (statistic.peaks() == 0) {
            Label none = new Label("\u2013");
            none.setTooltip(new Tooltip("There are no such peaks to look at."));
            getChildren().add(new HBox(8, left, none));
            return;
        }
        Label observed = new Label(text(statistic.observed(), share));
        observed.getStyleClass().add("mono");
        observed.setMinWidth(Region.USE_PREF_SIZE);
        Label against =
                new Label(
                        String.format(
                                Locale.ROOT,
                                "%s by chance   lift %+.0f %%   p %s",
                                text(statistic.random(), share),
                                100 * statistic.lift(),
                                statistic.p() < LEAST
                                        ? "< " + NumberText.plain(LEAST)
                                        : NumberText.plain(statistic.p())));
        against.getStyleClass().add("caption");
        against.setTooltip(
                new Tooltip(
                        "Over "
                                + NumberText.count(statistic.peaks())
                                + " peaks; p is the share of the shuffles that reach the observed"
                                + " number."));
        VBox entry = new VBox(2, new HBox(8, left, observed), new BandBar(statistic), against);
        getChildren().add(entry);
    }

    private static String text(double value, boolean share) {
        return share
                ? String.format(Locale.ROOT, "%.1f %%", 100 * value)
                : NumberText.plain(value) + " nats";
    }
}
