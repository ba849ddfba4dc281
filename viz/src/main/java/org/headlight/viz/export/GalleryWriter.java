package org.headlight.viz.export;

import org.headlight.engine.task.Progress;
import org.headlight.engine.task.WholeFile;
import org.headlight.viz.raster.Pooling;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a folder that shows all heads of one run: a summary figure, one labelled figure a layer,
 * each for light and for dark pages, and a page {@code index.html} that needs nothing else.
 */
public final class GalleryWriter {
    private static final String PAGE = "index.html";
    private static final int THUMBNAIL = 176;
    private static final int PANEL = 512;
    private static final int COLUMNS = 3;

    private final GridRenderer renderer;
    private final PngWriter png = new PngWriter();

    public GalleryWriter(GridRenderer renderer) {
        this.renderer = renderer;
    }

    /**
     * Writes the gallery. It appears when all of it is drawn: a folder that is missing is made,
     * files of the same names are replaced, others are left alone. When it fails or is cancelled
     * before, everything is as it was.
     *
     * @return the files written, the page first
     * @throws org.headlight.engine.problem.BadInputException when the folder or a file cannot be
     *     written
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public List<Path> write(Gallery gallery, Path folder, Progress progress) {
        try (WholeFolder whole = new WholeFolder(folder)) {
            List<String> names = draw(gallery, whole.part(), progress);
            progress.check();
            whole.finish(names);
            progress.at(1, "done");
            List<Path> files = new ArrayList<>();
            names.forEach(name -> files.add(folder.resolve(name)));
            files.addFirst(files.removeLast());
            return List.copyOf(files);
        }
    }

    /** Draws into a folder; the names of the files, the page last. */
    private List<String> draw(Gallery gallery, Path folder, Progress progress) {
        List<String> files = new ArrayList<>();
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
        byte[] html = new GalleryPage().html(gallery, entries).getBytes(StandardCharsets.UTF_8);
        WholeFile.write(
                folder.resolve(PAGE),
                out -> {
                    ByteBuffer bytes = ByteBuffer.wrap(html);
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                });
        files.add(PAGE);
        return files;
    }

    private GalleryPage.Entry pair(GridSpec spec, String name, Path folder, List<String> files) {
        Figure light = renderer.render(with(spec, false));
        png.write(light, folder.resolve(name + ".png"));
        files.add(name + ".png");
        png.write(renderer.render(with(spec, true)), folder.resolve(name + "-dark.png"));
        files.add(name + "-dark.png");
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
