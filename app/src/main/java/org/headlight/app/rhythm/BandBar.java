package org.headlight.app.rhythm;

import javafx.scene.layout.Region;

import org.headlight.analysis.rhythm.CouplingStatistic;

/** What was observed as a dot, against the band in which nine of ten shuffles lie. */
final class BandBar extends Region {
    private static final double HEIGHT = 12;
    private static final double DOT = 8;
    private static final double BAND = 6;

    private final CouplingStatistic statistic;
    private final Region line = new Region();
    private final Region band = new Region();
    private final Region chance = new Region();
    private final Region dot = new Region();

    BandBar(CouplingStatistic statistic) {
        this.statistic = statistic;
        line.getStyleClass().add("band-line");
        band.getStyleClass().add("band-range");
        chance.getStyleClass().add("band-chance");
        dot.getStyleClass().add("band-dot");
        getChildren().addAll(line, band, chance, dot);
        setMinHeight(HEIGHT);
        setPrefHeight(HEIGHT);
    }

    @Override
    protected void layoutChildren() {
        double width = getWidth() - DOT;
        double most = Math.max(statistic.observed(), statistic.high());
        double unit = most > 0 ? width / most : 0;
        double left = DOT / 2;
        line.resizeRelocate(left, HEIGHT / 2 - 0.5, width, 1);
        band.resizeRelocate(
                left + statistic.low() * unit,
                (HEIGHT - BAND) / 2,
                Math.max(2, (statistic.high() - statistic.low()) * unit),
                BAND);
        chance.resizeRelocate(left + statistic.random() * unit - 1, 0, 2, HEIGHT);
        dot.resizeRelocate(
                left + statistic.observed() * unit - DOT / 2, (HEIGHT - DOT) / 2, DOT, DOT);
    }
}
