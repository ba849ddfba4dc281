package org.headlight.viz.export;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.task.WholeFile;
import org.headlight.viz.raster.Pooling;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a folder that shows all heads of one run: a summary figure, one labelled figure a layer,
 * each for light and for dark pages, and a page {@code index.html} that needs nothing else.
 */
public final class GalleryWriter {
    private static final int THUMBNAIL = 176;
    private static final int PANEL = 512;
    private static final int COLUMNS = 3;

    private final GridRenderer renderer;
    private final PngWriter png = new PngWriter();

    public GalleryWriter(GridRenderer renderer) {
        this.renderer = renderer;
    }

    /**
     * Writes the gallery; the folder is made when it is missing, files of the same names are
     * replaced.
     *
     * @return the files written, the page first
     * @throws BadInputException when the folder or a file cannot be written
     */
    public List<Path> write(Gallery gallery, Path folder, Progress progress) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BadInputException(
                    "the folder "
                            + folder
                            + " cannot be made ("
                            + e.getMessage()
                            + "); choose another place.",
                    e);
        }
        List<Path> files = new ArrayList<>();
        List<GalleryPage.Entry> entries = new ArrayList<>();
        int steps = gallery.sites().size() + 1;
        progress.at(0, "drawing the summary");
        entries.add(pair(summary(gallery), "summary", folder, files));
        for (int site = 0; site < gallery.sites().size(); site++) {
            progress.check();
            String name = gallery.sites().get(site).name();
            progress.at((site + 1.0) / steps, "drawing " + name);
            entries.add(pair(layer(gallery, site), fileName(name), folder, files));
        }
        Path page = folder.resolve("index.html");
        byte[] html = new GalleryPage().html(gallery, entries).getBytes(StandardCharsets.UTF_8);
        WholeFile.write(
                page,
                out -> {
                    ByteBuffer bytes = ByteBuffer.wrap(html);
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                });
        files.addFirst(page);
        progress.at(1, "done");
        return List.copyOf(files);
    }

    private GalleryPage.Entry pair(GridSpec spec, String name, Path folder, List<Path> files) {
        Figure light = renderer.render(with(spec, false));
        Path lightFile = folder.resolve(name + ".png");
        png.write(light, lightFile);
        files.add(lightFile);
        Path darkFile = folder.resolve(name + "-dark.png");
        png.write(renderer.render(with(spec, true)), darkFile);
        files.add(darkFile);
        return new GalleryPage.Entry(
                spec.title(),
                name,
                light.image().getWidth(),
                light.image().getHeight(),
                light.altText());
    }

    private static GridSpec with(GridSpec spec, boolean dark) {
        return new GridSpec(
                spec.title(), spec.rows(), spec.axes(), spec.look().withDark(dark), spec.source());
    }

    private static GridSpec summary(Gallery gallery) {
        List<List<GridSpec.Panel>> rows = new ArrayList<>();
        for (int site = 0; site < gallery.sites().size(); site++) {
            rows.add(panels(gallery, site));
        }
        return new GridSpec(
                "all heads",
                rows,
                false,
                gallery.look().withSize(THUMBNAIL).withPooling(Pooling.MAX),
                gallery.source());
    }

    private static GridSpec layer(Gallery gallery, int site) {
        return new GridSpec(
                gallery.sites().get(site).name(),
                GridSpec.wrapped(panels(gallery, site), COLUMNS),
                true,
                gallery.look().withSize(PANEL),
                gallery.source());
    }

    private static List<GridSpec.Panel> panels(Gallery gallery, int site) {
        Gallery.Site layer = gallery.sites().get(site);
        List<GridSpec.Panel> panels = new ArrayList<>();
        for (int head = 0; head < layer.heads().size(); head++) {
            panels.add(
                    new GridSpec.Panel(
                            layer.heads().get(head),
                            layer.note(head),
                            gallery.maps().apply(site, head)));
        }
        return panels;
    }

    private static String fileName(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
