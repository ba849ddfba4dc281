package org.headlight.viz.raster;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them: three significant digits, thin spaces between thousands. */
public final class NumberText {
    /** The thin space between groups of three digits. */
    public static final char THIN_SPACE = '\u2009';

    /** Stands where there is no number. */
    private static final String UNKNOWN = "\u2013";

    private static final MathContext THREE = new MathContext(3);

    private NumberText() {}

    /**
     * A probability: 0.0421 down to 0.001, 4.2e-5 below that, 0 and 1 as they are; "masked" for
     * NaN.
     */
    public static String probability(double value) {
        if (Double.isNaN(value)) {
            return "masked";
        }
        if (value == 0 || value == 1) {
            return value == 0 ? "0" : "1";
        }
        if (Math.abs(value) < 0.001) {
            return exponent(value);
        }
        return new BigDecimal(value).round(THREE).toPlainString();
    }

    /** A whole number with thin spaces from 1 000 on (1 024, 32 768). */
    public static String count(long value) {
        String digits = Long.toString(Math.abs(value));
        StringBuilder text = new StringBuilder(value < 0 ? "-" : "");
        for (int i = 0; i < digits.length(); i++) {
            if (i > 0 && (digits.length() - i) % 3 == 0) {
                text.append(THIN_SPACE);
            }
            text.append(digits.charAt(i));
        }
        return text.toString();
    }

    /**
     * A number with up to three digits and no more than it needs (0, 0.05, 0.1, 0.001, 1e-5); a
     * dash for NaN.
     */
    public static String plain(double value) {
        if (Double.isNaN(value)) {
            return UNKNOWN;
        }
        if (Double.isInfinite(value)) {
            return value < 0 ? "-\u221e" : "\u221e";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(THREE).stripTrailingZeros();
        if (Math.abs(value) >= 0.001) {
            return rounded.toPlainString();
        }
        String mantissa = rounded.unscaledValue().abs().toString();
        int exponent = rounded.precision() - rounded.scale() - 1;
        String head =
                mantissa.length() == 1
                        ? mantissa
                        : mantissa.charAt(0) + "." + mantissa.substring(1);
        return (value < 0 ? "-" : "") + head + "e" + exponent;
    }

    /**
     * A measured amount: three digits, none more than it needs, and thin spaces between thousands
     * (0.05, 12.3, 1 440).
     */
    public static String amount(double value) {
        return Math.abs(value) < 999.5
                ? plain(value)
                : count(new BigDecimal(value).round(THREE).longValue());
    }

    private static String exponent(double value) {
        String text = String.format(Locale.ROOT, "%.1e", value);
        int e = text.indexOf('e');
        return text.substring(0, e) + "e" + Integer.parseInt(text, e + 1, text.length(), 10);
    }
}
