package org.headlight.viz.control.bar;

import javafx.scene.AccessibleAction;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Scale;

/** One end of the colours, to be moved by the arrow keys; the bar moves it by the mouse. */
final class BarHandle extends Region {
    private static final double STEP = 0.02;
    private static final double LEAP = 0.1;

    private final ColorBar bar;
    private final boolean upper;

    BarHandle(ColorBar bar, boolean upper) {
        this.bar = bar;
        this.upper = upper;
        getStyleClass().addAll("color-bar-handle", upper ? "color-bar-upper" : "color-bar-lower");
        setAccessibleRole(AccessibleRole.SLIDER);
        setFocusTraversable(true);
        setManaged(false);
        setMouseTransparent(true);
        addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    }

    /** Says aloud where it stands. */
    void tell() {
        Scale scale = bar.scaleProperty().get();
        setAccessibleText(
                (upper ? "Upper" : "Lower")
                        + " end of the colours, "
                        + NumberText.probability(upper ? scale.high() : scale.low()));
        notifyAccessibleAttributeChanged(AccessibleAttribute.VALUE);
    }

    private void key(KeyEvent event) {
        switch (event.getCode()) {
            case UP, KP_UP -> step(STEP);
            case DOWN, KP_DOWN -> step(-STEP);
            case PAGE_UP -> step(LEAP);
            case PAGE_DOWN -> step(-LEAP);
            case HOME -> bar.reset();
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void step(double by) {
        Scale scale = bar.scaleProperty().get();
        BarAxis axis = bar.axis();
        double from = axis.position(upper ? scale.high() : scale.low());
        bar.scaleProperty().set(axis.moved(scale, upper, from + by));
    }

    @Override
    public Object queryAccessibleAttribute(AccessibleAttribute attribute, Object... parameters) {
        Scale scale = bar.scaleProperty().get();
        return switch (attribute) {
            case VALUE -> (double) (upper ? scale.high() : scale.low());
            case MIN_VALUE -> (double) bar.axis().range().low();
            case MAX_VALUE -> (double) bar.axis().range().high();
            default -> super.queryAccessibleAttribute(attribute, parameters);
        };
    }

    @Override
    public void executeAccessibleAction(AccessibleAction action, Object... parameters) {
        switch (action) {
            case INCREMENT -> step(STEP);
            case DECREMENT -> step(-STEP);
            default -> super.executeAccessibleAction(action, parameters);
        }
    }
}
