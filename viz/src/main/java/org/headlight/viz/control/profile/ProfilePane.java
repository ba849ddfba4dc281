package org.headlight.viz.control.profile;

import org.headlight.viz.chart.ChartLook;
import org.headlight.viz.chart.ChartPane;
import org.jfree.chart.JFreeChart;
import org.jspecify.annotations.Nullable;

/** Shows the plot of a profile and says which position is under the pointer. */
final class ProfilePane extends ChartPane {
    private final ProfileChart control;
    private @Nullable ProfilePlot plot;

    ProfilePane(ProfileChart control) {
        super("profile-canvas");
        this.control = control;
    }

    int positionAt(double x) {
        float[] values = control.valuesProperty().get();
        int columns = ProfilePlot.columns(getWidth());
        double along = (x - ProfilePlot.LEFT) / columns;
        if (values == null || along < 0 || along >= 1) {
            return ProfileChart.NONE;
        }
        return (int) Math.min(along * values.length, values.length - 1.0);
    }

    @Override
    protected JFreeChart chart(ChartLook look, int width, int height) {
        if (plot == null) {
            plot = new ProfilePlot(control.kind());
        }
        float[] values = control.valuesProperty().get();
        int columns = ProfilePlot.columns(width);
        JFreeChart chart = plot.chart(look);
        plot.show(values, control.logarithmicProperty().get(), columns);
        plot.cursors(
                control.markedProperty().get(),
                control.hoveredProperty().get(),
                values == null ? 0 : values.length,
                columns);
        return chart;
    }
}
