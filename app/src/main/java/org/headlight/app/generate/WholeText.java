package org.headlight.app.generate;

import javafx.util.StringConverter;

import org.jspecify.annotations.Nullable;

import java.util.function.IntSupplier;

/** Whole numbers as they are typed; what is none gives the number that is there. */
final class WholeText extends StringConverter<Integer> {
    private final IntSupplier present;

    WholeText(IntSupplier present) {
        this.present = present;
    }

    @Override
    public String toString(@Nullable Integer value) {
        return value == null ? "" : value.toString();
    }

    @Override
    public Integer fromString(@Nullable String text) {
        try {
            return Integer.valueOf(text == null ? "" : text.strip().replace(",", ""));
        } catch (NumberFormatException e) {
            return present.getAsInt();
        }
    }
}
