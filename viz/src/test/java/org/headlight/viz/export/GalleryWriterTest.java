package org.headlight.viz.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.assets.Assets;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.FormulaMap;
import org.headlight.viz.raster.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

class GalleryWriterTest {
    private static final Scale LOG = new Scale(Scale.Kind.LOG, 1e-4f, 1);

    @TempDir private Path folder;

    private final GalleryWriter writer =
            new GalleryWriter(new GridRenderer(new FigureRenderer(new Assets())));

    private final Gallery gallery =
            new Gallery(
                    "demo & friends",
                    "if a < b then \"c\"",
                    List.of(
                            new Gallery.Site(
                                    "layer 0", List.of("L0H0", "L0H1"), List.of("0.1", "0.2")),
                            new Gallery.Site("layer 1", List.of("L1H0", "L1H1"), List.of())),
                    (site, head) -> FormulaMap.lifelike(20 + site),
                    FigureLook.of(LOG),
                    new Provenance("demo", "abc", 20, "Headlight 0.1.0", "headlight demo"));

    @Test
    void aGalleryIsAPageASummaryAndAFigureALayerForBothThemes() throws IOException {
        Path target = folder.resolve("deep/gallery");
        List<Path> files = writer.write(gallery, target, Progress.NONE);

        assertThat(files)
                .extracting(file -> target.relativize(file).toString())
                .containsExactly(
                        "index.html",
                        "summary.png",
                        "summary-dark.png",
                        "layer-0.png",
                        "layer-0-dark.png",
                        "layer-1.png",
                        "layer-1-dark.png");
        assertThat(files).allMatch(Files::isRegularFile);

        String html = Files.readString(files.getFirst());
        assertThat(html)
                .contains("<title>demo &amp; friends</title>")
                .contains("if a &lt; b then &quot;c&quot;")
                .contains("<code>headlight demo</code>")
                .doesNotContain("<script")
                .doesNotContain("http");
        Matcher image = Pattern.compile("(?:src|srcset)=\"([^\"]+)\"").matcher(html);
        int images = 0;
        while (image.find()) {
            assertThat(target.resolve(image.group(1))).exists();
            images++;
        }
        assertThat(images).isEqualTo(6);
        assertThat(Pattern.compile("alt=\"Attention maps of \\d+ heads").matcher(html).results())
                .hasSize(3);

        assertThat(FigureRendererTest.textChunks(target.resolve("layer-1.png")))
                .containsEntry("head", "layer 1, all panels on one scale")
                .containsEntry("command", "headlight demo");
    }

    @Test
    void allPanelsOfASheetShareOneScale() throws IOException {
        GridSpec spec =
                new GridSpec(
                        "two",
                        List.of(
                                List.of(
                                        new GridSpec.Panel("A", "", constant(0.3)),
                                        new GridSpec.Panel("B", "", constant(0.6)))),
                        false,
                        FigureLook.of(new Scale(Scale.Kind.LINEAR, 0, 1)).withSize(64),
                        gallery.source());
        BufferedImage image =
                new GridRenderer(new FigureRenderer(new Assets())).render(spec).image();
        assertThat(count(image, ColorMap.VIRIDIS.palette(false).argb(0.3f)))
                .isBetween(64L * 64, 64 * 64 + 60L);
        assertThat(count(image, ColorMap.VIRIDIS.palette(false).argb(0.6f)))
                .isBetween(64L * 64, 64 * 64 + 60L);
    }

    @Test
    void aFolderThatCannotBeMadeIsReportedInOneSentence() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> writer.write(gallery, file.resolve("gallery"), Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("the folder " + file.resolve("gallery") + " cannot be made")
                .hasMessageEndingWith("; choose another place.");
    }

    @Test
    void aFileInThePlaceOfTheFolderIsReportedAsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("cap.safetensors"), "x");
        assertThatThrownBy(() -> writer.write(gallery, file, Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage(file + " is there already and is no folder; choose another name.");
        assertThat(file).hasContent("x");
    }

    /** Is cancelled when a layer is begun. */
    private static final class CancelledAt implements Progress {
        private final String stage;
        private boolean reached;

        CancelledAt(String stage) {
            this.stage = stage;
        }

        @Override
        public void at(double fraction, String now) {
            reached |= now.equals(stage);
        }

        @Override
        public boolean cancelled() {
            return reached;
        }
    }

    private static Map<String, Long> contents(Path folder) throws IOException {
        Map<String, Long> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                CRC32 sum = new CRC32();
                if (Files.isRegularFile(file)) {
                    sum.update(Files.readAllBytes(file));
                }
                contents.put(folder.relativize(file).toString(), sum.getValue());
            }
        }
        return contents;
    }

    @Test
    void aGalleryThatIsCancelledInTheMiddleLeavesNothing() throws IOException {
        Path target = folder.resolve("deep/gallery");
        for (String stage : List.of("drawing the summary", "drawing layer 0", "drawing layer 1")) {
            assertThatThrownBy(() -> writer.write(gallery, target, new CancelledAt(stage)))
                    .isInstanceOf(CancelledException.class);
            assertThat(contents(folder)).containsOnlyKeys("");
        }
    }

    @Test
    void aGalleryThatIsCancelledOrFailsLeavesAnEarlierOneAsItWas() throws IOException {
        Path target = folder.resolve("gallery");
        Files.createDirectory(target);
        Files.writeString(target.resolve("notes.txt"), "mine");
        Files.writeString(target.resolve("layer-0.png"), "of an earlier run");
        Map<String, Long> before = contents(folder);
        assertThatThrownBy(() -> writer.write(gallery, target, new CancelledAt("drawing layer 1")))
                .isInstanceOf(CancelledException.class);
        assertThat(contents(folder)).isEqualTo(before);
        Gallery broken =
                new Gallery(
                        gallery.title(),
                        gallery.text(),
                        gallery.sites(),
                        (site, head) -> {
                            if (site == 1) {
                                throw new BadInputException("no such head");
                            }
                            return FormulaMap.lifelike(20);
                        },
                        gallery.look(),
                        gallery.source());
        assertThatThrownBy(() -> writer.write(broken, target, Progress.NONE))
                .isInstanceOf(BadInputException.class)
                .hasMessage("no such head");
        assertThat(contents(folder)).isEqualTo(before);
    }

    @Test
    void aGalleryReplacesAnEarlierOneAndNothingElse() throws IOException {
        Path target = Files.createDirectory(folder.resolve("gallery"));
        Files.writeString(target.resolve("notes.txt"), "mine");
        Files.writeString(target.resolve("index.html"), "of an earlier run");
        List<Path> files = writer.write(gallery, target, Progress.NONE);
        assertThat(target.resolve("notes.txt")).hasContent("mine");
        assertThat(Files.readString(target.resolve("index.html"))).startsWith("<!");
        assertThat(contents(target)).hasSize(1 + 1 + files.size());
        assertThat(contents(folder)).hasSize(1 + 1 + 1 + files.size());
    }

    @Test
    void picturesDecode() throws IOException {
        for (Path file : writer.write(gallery, folder.resolve("g"), Progress.NONE)) {
            if (file.toString().endsWith(".png")) {
                assertThat(ImageIO.read(Files.newInputStream(file)).getWidth()).isGreaterThan(200);
            }
        }
    }

    private static FormulaMap constant(double value) {
        return new FormulaMap(8, 8, false, (row, col) -> value);
    }

    private static long count(BufferedImage image, int argb) {
        int[] pixels =
                image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels).filter(p -> p == argb).count();
    }
}
