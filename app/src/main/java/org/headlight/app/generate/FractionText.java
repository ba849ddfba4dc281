package org.headlight.app.generate;

import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.DoubleSupplier;

/** Numbers with a fraction as they are typed; what is none gives the number that is there. */
final class FractionText extends StringConverter<Double> {
    private static final int DIGITS = 3;

    private final DoubleSupplier present;

    FractionText(DoubleSupplier present) {
        this.present = present;
    }

    @Override
    public String toString(@Nullable Double value) {
        return value == null
                ? ""
                : BigDecimal.valueOf(value)
                        .setScale(DIGITS, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    @Override
    public Double fromString(@Nullable String text) {
        try {
            double value = Double.parseDouble(text == null ? "" : text.strip().replace(',', '.'));
            return Double.isFinite(value) ? value : present.getAsDouble();
        } catch (NumberFormatException e) {
            return present.getAsDouble();
        }
    }
}
