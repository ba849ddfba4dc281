package org.headlight.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.imageio.ImageIO;

/**
 * A picture as others see it: its pixels, and its texts by the PNG specification.
 *
 * @param texts tEXt and iTXt chunks by their keyword
 */
record PngFile(BufferedImage image, Map<String, String> texts) {
    static PngFile read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).startsWith(0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n');
        Map<String, String> texts = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).position(8);
        while (in.hasRemaining()) {
            byte[] data = new byte[in.getInt()];
            byte[] type = new byte[4];
            in.get(type).get(data).getInt();
            put(new String(type, StandardCharsets.US_ASCII), data, texts);
        }
        return new PngFile(ImageIO.read(Files.newInputStream(file)), texts);
    }

    private static void put(String type, byte[] data, Map<String, String> texts) {
        int key = end(data, 0);
        if (type.equals("tEXt")) {
            texts.put(latin(data, 0, key), latin(data, key + 1, data.length));
        } else if (type.equals("iTXt")) {
            // Behind the keyword: two bytes on compression, the language, the keyword translated.
            int text = end(data, end(data, key + 3) + 1) + 1;
            texts.put(
                    latin(data, 0, key),
                    new String(data, text, data.length - text, StandardCharsets.UTF_8));
        }
    }

    private static int end(byte[] data, int from) {
        int at = from;
        while (at < data.length && data[at] != 0) {
            at++;
        }
        return at;
    }

    private static String latin(byte[] data, int from, int to) {
        return new String(data, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Width of the first run of columns that hold a colour: paper and ink have none. */
    int coloredColumns() {
        int from = 0;
        while (!colored(from)) {
            from++;
        }
        int to = from;
        while (colored(to)) {
            to++;
        }
        return to - from;
    }

    private boolean colored(int x) {
        for (int y = 0; y < image.getHeight(); y++) {
            int rgb = image.getRGB(x, y);
            int red = rgb >> 16 & 255;
            int green = rgb >> 8 & 255;
            int blue = rgb & 255;
            int most = Math.max(red, Math.max(green, blue));
            if (most - Math.min(red, Math.min(green, blue)) > 60) {
                return true;
            }
        }
        return false;
    }

    /** How many colours there are. */
    long colors() {
        return java.util.Arrays.stream(
                        image.getRGB(
                                0,
                                0,
                                image.getWidth(),
                                image.getHeight(),
                                null,
                                0,
                                image.getWidth()))
                .distinct()
                .count();
    }
}
