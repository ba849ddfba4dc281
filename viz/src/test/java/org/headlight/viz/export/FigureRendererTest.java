package org.headlight.viz.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.assets.Assets;
import org.headlight.assets.FontFace;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.FormulaMap;
import org.headlight.viz.raster.Palette;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

class FigureRendererTest {
    private static final Provenance SOURCE =
            new Provenance(
                    "headlight-demo",
                    "3f2a9c01d4e5",
                    40,
                    "Headlight 0.1.0",
                    "headlight map demo --text \"caf\u00e9\" --layer 1 --head 4");
    private static final Scale LINEAR = new Scale(Scale.Kind.LINEAR, 0, 1);

    private final FigureRenderer renderer = new FigureRenderer(new Assets());

    @ParameterizedTest
    @ValueSource(ints = {160, 400, 800})
    void aHotCellTakesExactlyItsWholePixels(int size) {
        FormulaMap map =
                new FormulaMap(40, 40, false, (row, col) -> row == 11 && col == 7 ? 0.5 : 0.1);
        BufferedImage image =
                renderer.render(spec(map, FigureLook.of(LINEAR).withSize(size))).image();
        int hot = ColorMap.VIRIDIS.palette(false).argb(0.5f);
        int cold = ColorMap.VIRIDIS.palette(false).argb(0.1f);
        int m = size / 40;
        int[] at = find(image, hot);
        for (int dy = -1; dy <= m; dy++) {
            for (int dx = -1; dx <= m; dx++) {
                boolean inside = dy >= 0 && dy < m && dx >= 0 && dx < m;
                assertThat(image.getRGB(at[0] + dx, at[1] + dy)).isEqualTo(inside ? hot : cold);
            }
        }
        int[] corner = find(image, cold);
        assertThat(at[0] - corner[0]).isEqualTo(7 * m);
        assertThat(at[1] - corner[1]).isEqualTo(11 * m);
    }

    @Test
    void differencesHaveColoursOnBothSidesOfZeroAndSaySo() {
        FormulaMap map =
                new FormulaMap(8, 8, false, (row, col) -> row == 2 ? 0.05 : row == 5 ? -0.05 : 0.0);
        Scale around = new Scale(Scale.Kind.LINEAR, -0.1f, 0.1f);
        Figure figure = renderer.render(spec(map, FigureLook.of(LINEAR).ofSigned(around)));
        Palette palette = Palette.signed(false);
        int[] above = find(figure.image(), palette.argb(0.75f));
        int[] below = find(figure.image(), palette.argb(0.25f));
        assertThat(below[1]).isGreaterThan(above[1]);
        assertThat(figure.metadata()).containsEntry("color-map", "diverging");
        assertThat(figure.metadata().get("Description"))
                .contains("difference of attention after softmax");
    }

    @Test
    void aRangeIsTheRangeAndNotTheWindow() {
        FormulaMap map = FormulaMap.distinct(40, 40, false);
        FigureSpec spec =
                new FigureSpec(
                        map,
                        "L1H4",
                        List.of(),
                        List.of(),
                        new MapRange(10, 20, 5, 25),
                        FigureLook.of(LINEAR).withSize(200),
                        SOURCE);
        Figure figure = renderer.render(spec);
        Palette palette = ColorMap.VIRIDIS.palette(false);
        int[] first = find(figure.image(), palette.argb(map.value(10, 5)));
        assertThat(figure.image().getRGB(first[0] + 195, first[1] + 95))
                .isEqualTo(palette.argb(map.value(19, 24)));
        assertThat(figure.metadata().get("Title"))
                .startsWith("L1H4 \u00b7 headlight-demo \u00b7 40 tokens \u00b7 ")
                .endsWith("queries 10\u201319, keys 5\u201324");
    }

    @Test
    void aRangeBeyondTheMapIsRefusedInOneSentence() {
        FormulaMap map = FormulaMap.distinct(40, 30, false);
        assertThatThrownBy(() ->
                        new FigureSpec(
                                map,
                                "L0H0",
                                List.of(),
                                List.of(),
                                new MapRange(0, 40, 10, 31),
                                FigureLook.of(LINEAR),
                                SOURCE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "cols 10:31 do not lie in this map, which has cols 0:30; give a start"
                                + " below an end within them.");
    }

    @Test
    void aFigureThatIsTooLargeIsRefusedInOneSentence() {
        FormulaMap map = new FormulaMap(2, 20000, false, (row, col) -> 0.5);
        assertThatThrownBy(() -> renderer.render(spec(map, FigureLook.of(LINEAR).withSize(20000))))
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching(
                        "the figure would be 2\\d\u2009\\d{3} x \\d\u2009?\\d{3} pixels, and the"
                            + " largest is 16\u2009384 x 16\u2009384; choose a smaller size\\.");
        assertThatThrownBy(() -> renderer.render(spec(map, FigureLook.of(LINEAR).withSize(0))))
                .hasMessage("a figure cannot be 0 pixels large; give a size from 1 pixel up.");
    }

    @Test
    void thePngCarriesItsFactsAndItsCommand(@TempDir Path folder) throws IOException {
        Figure figure =
                renderer.render(
                        spec(FormulaMap.lifelike(40), FigureLook.of(LINEAR).withDroppedKeys(1)));
        Path file = folder.resolve("figure.png");
        new PngWriter().write(figure, file);

        Map<String, String> text = textChunks(file);
        assertThat(text)
                .containsEntry("model", "headlight-demo")
                .containsEntry("model-hash", "3f2a9c01d4e5")
                .containsEntry("head", "L1H4")
                .containsEntry("tokens", "40")
                .containsEntry("pooling", "every cell shown")
                .containsEntry("scale", "linear scale 0 to 1")
                .containsEntry("clip", "0 to 1")
                .containsEntry("color-map", "viridis")
                .containsEntry("sink", "key 0 dropped, rows renormalised")
                .containsEntry("Software", "Headlight 0.1.0")
                .containsEntry("command", SOURCE.command());
        assertThat(text.get("Description"))
                .startsWith("headlight-demo (SHA-256 3f2a9c01d4e5) \u00b7 L1H4 \u00b7 40 tokens");
        BufferedImage back = ImageIO.read(Files.newInputStream(file));
        assertThat(back.getRGB(0, 0, 200, 200, null, 0, 200))
                .isEqualTo(figure.image().getRGB(0, 0, 200, 200, null, 0, 200));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void lettersComeFromTheBundledFaces() {
        FigureFonts fonts = renderer.fonts();
        assertThat(fonts.font(FontFace.SANS, 11).getFamily()).isEqualTo("Inter");
        Font mono = fonts.font(FontFace.MONO, 11);
        assertThat(mono.getFamily()).isEqualTo("JetBrains Mono");
        "L1H4 \u00b7 0.05 \u2264 \u2265 \u00d7 \u2013\u2009"
                .codePoints()
                .forEach(c ->
                        assertThat(fonts.font(FontFace.SANS, 11).canDisplay(c))
                                .as("U+%04X in Inter", c)
                                .isTrue());
        "\u00b7\u21b5\u21e5\u240d\u2026<0xE2>\u2205"
                .codePoints()
                .forEach(c ->
                        assertThat(fonts.covering(mono, c).getFamily())
                                .as("U+%04X", c)
                                .isIn("Inter", "JetBrains Mono"));
    }

    @Test
    void anEveryCellFigureIsTheSameEveryTime() {
        FigureSpec spec = spec(FormulaMap.lifelike(24), FigureLook.of(LINEAR).withDark(true));
        BufferedImage one = renderer.render(spec).image();
        BufferedImage two = new FigureRenderer(new Assets()).render(spec).image();
        assertThat(pixels(one)).isEqualTo(pixels(two));
    }

    private static FigureSpec spec(FormulaMap map, FigureLook look) {
        List<Token> tokens =
                IntStream.range(0, map.cols())
                        .mapToObj(i -> new Token(i, i, " t" + i, false))
                        .toList();
        return new FigureSpec(map, "L1H4", tokens, tokens, MapRange.all(map), look, SOURCE);
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** The first pixel of a colour, {x, y}, in the left four fifths (where there is no bar). */
    private static int[] find(BufferedImage image, int argb) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth() * 4 / 5; x++) {
                if (image.getRGB(x, y) == argb) {
                    return new int[] {x, y};
                }
            }
        }
        throw new AssertionError("no pixel of that colour");
    }

    /** Reads the text chunks by the PNG specification alone, checking every chunk's CRC. */
    static Map<String, String> textChunks(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
        assertThat(in.getLong()).isEqualTo(0x89504E470D0A1A0AL);
        Map<String, String> text = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            int length = in.getInt();
            byte[] chunk = new byte[length + 4];
            in.get(chunk);
            CRC32 crc = new CRC32();
            crc.update(chunk);
            assertThat(in.getInt()).isEqualTo((int) crc.getValue());
            String type = new String(chunk, 0, 4, StandardCharsets.ISO_8859_1);
            String data = new String(chunk, 4, length, StandardCharsets.ISO_8859_1);
            int zero = data.indexOf(0);
            if (type.equals("tEXt")) {
                text.put(data.substring(0, zero), data.substring(zero + 1));
            } else if (type.equals("iTXt")) {
                int language = data.indexOf(0, zero + 3);
                int start = data.indexOf(0, language + 1) + 1;
                text.put(
                        data.substring(0, zero),
                        new String(chunk, 4 + start, length - start, StandardCharsets.UTF_8));
            }
        }
        return text;
    }
}
