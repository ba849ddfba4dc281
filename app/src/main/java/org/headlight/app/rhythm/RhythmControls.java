package org.headlight.app.rhythm;

import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;

import org.headlight.analysis.rhythm.CreditRule;
import org.headlight.analysis.rhythm.HeadRule;
import org.headlight.analysis.rhythm.Horizon;
import org.headlight.analysis.rhythm.PeakRule;
import org.headlight.analysis.rhythm.ReceiverRule;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.rhythm.ShuffleRule;

import java.util.List;

/** Every setting as something that a control can be bound to. */
final class RhythmControls {
    private static final RhythmSettings FIRST = RhythmSettings.defaults();

    final IntegerProperty window = new SimpleIntegerProperty(FIRST.window());
    final IntegerProperty lo = new SimpleIntegerProperty(FIRST.horizon().lo());
    final IntegerProperty hi = new SimpleIntegerProperty(FIRST.horizon().hi());
    final BooleanProperty toEnd = new SimpleBooleanProperty();
    final DoubleProperty headShare = new SimpleDoubleProperty(FIRST.heads().share());
    final ObjectProperty<HeadRule.Layers> layers =
            new SimpleObjectProperty<>(FIRST.heads().layers());
    final BooleanProperty withoutFirst = new SimpleBooleanProperty();
    final ObjectProperty<PeakRule.Kind> peaks = new SimpleObjectProperty<>(FIRST.peaks().kind());
    final DoubleProperty peakLevel = new SimpleDoubleProperty(FIRST.peaks().level());
    final DoubleProperty topShare = new SimpleDoubleProperty(FIRST.credit().topShare());
    final DoubleProperty amplification = new SimpleDoubleProperty(FIRST.credit().amplification());
    final DoubleProperty alpha = new SimpleDoubleProperty(FIRST.credit().alpha());
    final DoubleProperty waadQuantile = new SimpleDoubleProperty(FIRST.credit().waadQuantile());
    final DoubleProperty stepQuantile = new SimpleDoubleProperty(FIRST.credit().deltaQuantile());
    final IntegerProperty lookBack = new SimpleIntegerProperty(FIRST.credit().lookBack());
    final ObjectProperty<CreditRule.Overlap> overlap =
            new SimpleObjectProperty<>(FIRST.credit().overlap());
    final ObjectProperty<CreditRule.LastStep> lastStep =
            new SimpleObjectProperty<>(FIRST.credit().lastStep());
    final IntegerProperty receivers = new SimpleIntegerProperty(FIRST.receivers().heads());
    final IntegerProperty near = new SimpleIntegerProperty(FIRST.receivers().near());
    final IntegerProperty shuffles = new SimpleIntegerProperty(FIRST.shuffles().count());
    final IntegerProperty seed = new SimpleIntegerProperty();

    /** What changes the numbers. */
    List<Observable> all() {
        return List.of(
                window,
                lo,
                hi,
                toEnd,
                headShare,
                layers,
                withoutFirst,
                peaks,
                peakLevel,
                topShare,
                amplification,
                alpha,
                waadQuantile,
                stepQuantile,
                lookBack,
                overlap,
                lastStep,
                receivers,
                near,
                shuffles,
                seed);
    }

    /**
     * What is set.
     *
     * @throws org.headlight.engine.problem.BadInputException when the numbers do not go together
     */
    RhythmSettings settings() {
        return new RhythmSettings(
                window.get(),
                new Horizon(lo.get(), toEnd.get() ? Horizon.END : hi.get()),
                new HeadRule(headShare.get(), layers.get(), withoutFirst.get()),
                new PeakRule(peaks.get(), peakLevel.get()),
                new CreditRule(
                        topShare.get(),
                        amplification.get(),
                        alpha.get(),
                        waadQuantile.get(),
                        stepQuantile.get(),
                        lookBack.get(),
                        overlap.get(),
                        lastStep.get()),
                new ReceiverRule(receivers.get(), near.get()),
                new ShuffleRule(shuffles.get(), seed.get()));
    }
}
