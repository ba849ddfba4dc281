package org.headlight.viz.raster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads the tables and chooses the colours beside them. */
final class Palettes {
    private Palettes() {}

    static Palette make(ColorMap map, boolean dark) {
        int[] table = table(map);
        if (map == ColorMap.GREYS && !dark) {
            reverse(table);
        }
        return new Palette(table, map == ColorMap.GREYS ? greys(dark) : colors(map, dark));
    }

    /**
     * For signed values, zero in the middle: warm below it, blue above, and as quiet as the window
     * at zero. Both arms grow steadily away from the ground in lightness.
     */
    static Palette signed(boolean dark) {
        int[] stops =
                dark
                        ? new int[] {
                            0xFFB38A, 0xE8703A, 0x8A4526, 0x25282D, 0x24527F, 0x3E92DE, 0x9DD0FF
                        }
                        : new int[] {
                            0x7A2504, 0xC8501B, 0xF0AE86, 0xF4F5F6, 0x93C0EA, 0x2A74BC, 0x0B3663
                        };
        int[] table = new int[Palette.SIZE];
        for (int i = 0; i < table.length; i++) {
            double at = i * (stops.length - 1.0) / (table.length - 1);
            int stop = Math.min((int) at, stops.length - 2);
            table[i] = 0xFF000000 | between(stops[stop], stops[stop + 1], at - stop);
        }
        Palette.Fixed fixed = colors(ColorMap.VIRIDIS, dark);
        return new Palette(
                table,
                new Palette.Fixed(
                        dark ? 0xFFFFE3D1 : 0xFF3F1200,
                        dark ? 0xFFDFF0FF : 0xFF03192F,
                        fixed.masked(),
                        fixed.maskedHatch(),
                        fixed.dropped(),
                        fixed.droppedHatch(),
                        fixed.pending(),
                        fixed.outside()));
    }

    private static int between(int a, int b, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = (a >> shift) & 0xFF;
            int to = (b >> shift) & 0xFF;
            mixed |= (int) Math.round(from + (to - from) * share) << shift;
        }
        return mixed;
    }

    private static Palette.Fixed colors(ColorMap map, boolean dark) {
        int under =
                switch (map) {
                    case VIRIDIS -> 0xFF23002D;
                    case CIVIDIS -> 0xFF000F26;
                    default -> 0xFF06262B;
                };
        int over =
                switch (map) {
                    case VIRIDIS, CIVIDIS -> 0xFFFFFDE8;
                    default -> 0xFF6FE3F2;
                };
        return dark
                ? new Palette.Fixed(
                        under,
                        over,
                        0xFF3B3B3B,
                        0xFF2F2F2F,
                        0xFF4A3A44,
                        0xFF6B5462,
                        0xFF262A30,
                        0xFF16191D)
                : new Palette.Fixed(
                        under,
                        over,
                        0xFFE4E6E9,
                        0xFFCFD3D8,
                        0xFFEBDCE6,
                        0xFFD3B5C8,
                        0xFFF4F5F7,
                        0xFFFFFFFF);
    }

    /** Masked cells cannot be grey on a grey map: they are blue. */
    private static Palette.Fixed greys(boolean dark) {
        return dark
                ? new Palette.Fixed(
                        0xFF001F2B,
                        0xFFFFD54A,
                        0xFF2B4270,
                        0xFF36528A,
                        0xFF5C2B52,
                        0xFF7A3D6D,
                        0xFF262A30,
                        0xFF16191D)
                : new Palette.Fixed(
                        0xFFE8FBFF,
                        0xFFC62F00,
                        0xFFB5CCF3,
                        0xFF9DBAEC,
                        0xFFEFC3E2,
                        0xFFE0A0CC,
                        0xFFDCE7FA,
                        0xFFFFFFFF);
    }

    private static int[] table(ColorMap map) {
        String name = map.id() + ".txt";
        int[] table = new int[Palette.SIZE];
        try (InputStream in = Palettes.class.getResourceAsStream(name);
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(in, name),
                                        StandardCharsets.UTF_8))) {
            for (int i = 0; i < table.length; i++) {
                table[i] = 0xFF000000 | Integer.parseInt(lines.readLine(), 16);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private static void reverse(int[] table) {
        for (int i = 0, j = table.length - 1; i < j; i++, j--) {
            int swap = table[i];
            table[i] = table[j];
            table[j] = swap;
        }
    }
}
