package org.headlight.viz.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.junit.jupiter.api.Test;

import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;

/** Where the points and names of a frontier stand. */
class FrontierPlotTest {
    private static final ChartLook LOOK =
            new ChartLook(
                    Color.BLACK,
                    Color.GRAY,
                    Color.LIGHT_GRAY,
                    Color.WHITE,
                    Color.BLUE,
                    new Font(Font.SANS_SERIF, Font.PLAIN, 11));

    private static FrontierPlot.Dot dot(String policy, double x, double y, boolean best) {
        return new FrontierPlot.Dot(policy, x, y, FrontierPlot.Kind.METHOD, best);
    }

    private static FrontierPlot plot(boolean log, FrontierPlot.Dot... dots) {
        return new FrontierPlot(
                List.of(dots),
                new FrontierPlot.Measure("cost", false),
                new FrontierPlot.Measure("loss", log));
    }

    @Test
    void equalFactorsAreEqualStepsOfALogarithmicAxis() {
        FrontierPlot plot =
                plot(
                        true,
                        dot("a", 0.1, 1e-4, true),
                        dot("a", 0.2, 1e-2, false),
                        dot("a", 0.3, 1, false));
        double low = plot.place(plot.dots().get(0), 600, 400)[1];
        double middle = plot.place(plot.dots().get(1), 600, 400)[1];
        double high = plot.place(plot.dots().get(2), 600, 400)[1];
        assertThat(low - middle).isCloseTo(middle - high, within(1e-9)).isPositive();
    }

    @Test
    void whatIsNotPositiveStandsWholeBelowAllElseOnALogarithmicAxis() {
        FrontierPlot plot =
                plot(
                        true,
                        dot("a", 0.1, 0, true),
                        dot("a", 0.2, 1e-6, false),
                        dot("a", 0.3, 1, false));
        double zero = plot.place(plot.dots().get(0), 600, 240)[1];
        double least = plot.place(plot.dots().get(1), 600, 240)[1];
        double most = plot.place(plot.dots().get(2), 600, 240)[1];
        assertThat(zero).isBetween(least + 8, 240 - FrontierPlot.BOTTOM - 8.0);
        assertThat(most).isGreaterThan(FrontierPlot.TOP + 8.0);
    }

    @Test
    void zerosAloneStandWholeToo() {
        FrontierPlot plot = plot(true, dot("a", 0.1, 0, true), dot("a", 0.2, 0.01, false));
        assertThat(plot.place(plot.dots().getFirst(), 600, 240)[1])
                .isLessThan(240 - FrontierPlot.BOTTOM - 8.0);
    }

    @Test
    void pointsWithoutAValueAreNotDrawn() {
        FrontierPlot plot = plot(false, dot("a", Double.NaN, 1, false), dot("b", 1, 1, true));
        assertThat(plot.dots()).extracting(FrontierPlot.Dot::policy).containsExactly("b");
    }

    @Test
    void theFrontJoinsItsPointsFromLeftToRight() {
        FrontierPlot plot =
                plot(
                        false,
                        dot("b", 0.6, 0.1, true),
                        dot("a", 0.2, 0.5, true),
                        dot("a", 0.3, 0.6, false));
        JFreeChart chart = plot.chart(LOOK, 600, 400);
        var data = ((XYPlot) chart.getPlot()).getDataset();
        int front = data.indexOf("front");
        assertThat(data.getItemCount(front)).isEqualTo(2);
        assertThat(data.getXValue(front, 0)).isEqualTo(0.2);
        assertThat(data.getXValue(front, 1)).isEqualTo(0.6);
    }

    @Test
    void namesOfPointsCloseTogetherDoNotCoverEachOther() {
        FrontierLabels labels = new FrontierLabels(600, 400, 11);
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            points.add(new double[] {300 + 3 * i, 200 + 2 * i});
            labels.avoid(points.get(i));
        }
        List<double[]> boxes = new ArrayList<>();
        for (double[] point : points) {
            FrontierLabel label = labels.place("policy", List.of(point));
            double wide = 6 * 11 * 0.56;
            double left =
                    switch (label.anchor().toString()) {
                        case "TextAnchor.CENTER_LEFT" -> label.x();
                        case "TextAnchor.CENTER_RIGHT" -> label.x() - wide;
                        default -> label.x() - wide / 2;
                    };
            boxes.add(new double[] {left, left + wide, label.y() - 6.6, label.y() + 6.6});
        }
        for (int a = 0; a < boxes.size(); a++) {
            for (int b = 0; b < a; b++) {
                double[] p = boxes.get(a);
                double[] q = boxes.get(b);
                boolean over = p[0] < q[1] && q[0] < p[1] && p[2] < q[3] && q[2] < p[3];
                assertThat(over).as(a + " over " + b).isFalse();
            }
        }
    }
}
