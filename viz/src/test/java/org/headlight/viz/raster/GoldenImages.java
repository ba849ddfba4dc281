package org.headlight.viz.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.imageio.ImageIO;

/**
 * Compares pictures with the ones kept in the repository. A missing one fails; {@code
 * -Dgolden.update=true} writes them; a difference leaves both pictures and a difference picture in
 * {@code target/golden}.
 */
public final class GoldenImages {
    private static final Path KEPT = Path.of("src/test/resources/golden");
    private static final Path SEEN = Path.of("target/golden");

    private GoldenImages() {}

    public static void check(String name, int[] argb, int width) {
        BufferedImage image =
                new BufferedImage(width, argb.length / width, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, argb.length / width, argb, 0, width);
        check(name, image);
    }

    public static void check(String name, BufferedImage seen) {
        Path kept = KEPT.resolve(name + ".png");
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(KEPT);
                ImageIO.write(seen, "png", Files.newOutputStream(kept));
                return;
            }
            if (!Files.exists(kept)) {
                fail(kept + " is missing; run once with -Dgolden.update=true and look at it");
            }
            BufferedImage wanted = ImageIO.read(Files.newInputStream(kept));
            assertThat(seen.getWidth()).as("width").isEqualTo(wanted.getWidth());
            assertThat(seen.getHeight()).as("height").isEqualTo(wanted.getHeight());
            int different = 0;
            BufferedImage difference =
                    new BufferedImage(
                            seen.getWidth(), seen.getHeight(), BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < seen.getHeight(); y++) {
                for (int x = 0; x < seen.getWidth(); x++) {
                    if (seen.getRGB(x, y) != wanted.getRGB(x, y)) {
                        difference.setRGB(x, y, 0xFFFF00FF);
                        different++;
                    }
                }
            }
            if (different > 0) {
                Files.createDirectories(SEEN);
                ImageIO.write(seen, "png", Files.newOutputStream(SEEN.resolve(name + "-seen.png")));
                ImageIO.write(
                        difference,
                        "png",
                        Files.newOutputStream(SEEN.resolve(name + "-difference.png")));
                fail(different + " pixels of " + name + " differ; see viz/" + SEEN);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
