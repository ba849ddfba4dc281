package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColorMapTest {

    @ParameterizedTest
    @EnumSource(ColorMap.class)
    void lightnessRisesOrFallsAlongTheWholeMap(ColorMap map) {
        for (boolean dark : new boolean[] {false, true}) {
            Palette palette = map.palette(dark);
            double sign = map == ColorMap.GREYS && !dark ? -1 : 1;
            for (int i = 8; i < Palette.SIZE; i++) {
                assertThat(sign * (lab(palette.entry(i))[0] - lab(palette.entry(i - 8))[0]))
                        .as("%s from %d to %d", map, i - 8, i)
                        .isGreaterThan(0.5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ColorMap.class)
    void maskedAndDroppedAreFarFromEveryColorOfTheMap(ColorMap map) {
        for (boolean dark : new boolean[] {false, true}) {
            Palette palette = map.palette(dark);
            int[] marks = {
                palette.masked(), palette.maskedHatch(), palette.dropped(), palette.pending()
            };
            for (int mark : marks) {
                for (int i = 0; i < Palette.SIZE; i++) {
                    assertThat(distance(mark, palette.entry(i)))
                            .as("%s %s: %08x against entry %d", map, dark, mark, i)
                            .isGreaterThan(mark == palette.pending() ? 2 : 14);
                }
                assertThat(distance(mark, palette.under())).isGreaterThan(2);
                assertThat(distance(mark, palette.over())).isGreaterThan(8);
            }
            assertThat(distance(palette.masked(), palette.dropped())).isGreaterThan(7);
        }
    }

    @ParameterizedTest
    @EnumSource(ColorMap.class)
    void clippedValuesHaveColorsOfTheirOwn(ColorMap map) {
        for (boolean dark : new boolean[] {false, true}) {
            Palette palette = map.palette(dark);
            for (int i = 0; i < Palette.SIZE; i++) {
                assertThat(distance(palette.over(), palette.entry(i))).isGreaterThan(20);
            }
            assertThat(distance(palette.under(), palette.entry(0))).isGreaterThan(5);
        }
    }

    @Test
    void tablesAreThePublishedOnes() {
        // The ends and a middle entry as matplotlib prints them, rounded to 8 bits.
        assertThat(ColorMap.VIRIDIS.palette(false).entry(0)).isEqualTo(0xFF440154);
        assertThat(ColorMap.VIRIDIS.palette(false).entry(128)).isEqualTo(0xFF21918C);
        assertThat(ColorMap.VIRIDIS.palette(false).entry(255)).isEqualTo(0xFFFDE725);
        assertThat(ColorMap.MAGMA.palette(false).entry(128)).isEqualTo(0xFFB73779);
        assertThat(ColorMap.INFERNO.palette(false).entry(128)).isEqualTo(0xFFBC3754);
        assertThat(ColorMap.CIVIDIS.palette(false).entry(255)).isEqualTo(0xFFFEE838);
    }

    @Test
    void positionsOutsideAreClipped() {
        Palette palette = ColorMap.MAGMA.palette(true);
        assertThat(palette.argb(-0.1f)).isEqualTo(palette.entry(0));
        assertThat(palette.argb(0.5f)).isEqualTo(palette.entry(128));
        assertThat(palette.argb(1)).isEqualTo(palette.entry(255));
    }

    @Test
    void theHatchKeepsItsPeriodAcrossTheSurface() {
        Palette palette = ColorMap.VIRIDIS.palette(false);
        assertThat(palette.masked(0, 0)).isEqualTo(palette.maskedHatch());
        assertThat(palette.masked(5, 1)).isEqualTo(palette.maskedHatch());
        assertThat(palette.masked(5, 2)).isEqualTo(palette.masked());
        assertThat(palette.dropped(3, 3)).isEqualTo(palette.dropped(9, 9));
    }

    @Test
    void namesAreFoundInAnyCase() {
        assertThat(ColorMap.named("Cividis")).contains(ColorMap.CIVIDIS);
        assertThat(ColorMap.named("jet")).isEmpty();
        assertThat(ColorMap.ids())
                .containsExactly("viridis", "magma", "inferno", "cividis", "greys");
    }

    private static double distance(int a, int b) {
        double[] p = lab(a);
        double[] q = lab(b);
        return Math.sqrt(
                Math.pow(p[0] - q[0], 2) + Math.pow(p[1] - q[1], 2) + Math.pow(p[2] - q[2], 2));
    }

    /** CIE L*a*b* of an sRGB colour, D65. */
    private static double[] lab(int argb) {
        double r = linear(argb >> 16 & 0xFF);
        double g = linear(argb >> 8 & 0xFF);
        double b = linear(argb & 0xFF);
        double x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
        double y = f(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
        double z = f((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    private static double f(double t) {
        return t > 216 / 24389.0 ? Math.cbrt(t) : (24389 / 27.0 * t + 16) / 116;
    }
}
