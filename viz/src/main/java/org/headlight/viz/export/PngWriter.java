package org.headlight.viz.export;

import org.headlight.engine.task.WholeFile;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Map;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes a figure as PNG, with its facts as text chunks: tEXt for plain Latin text, iTXt (UTF-8)
 * for the rest. The file appears only when it is whole.
 */
public final class PngWriter {
    private static final String FORMAT = "javax_imageio_png_1.0";

    /** 300 dots per inch, in dots per metre. */
    private static final String DENSITY = "11811";

    /**
     * Writes a figure.
     *
     * @throws org.headlight.engine.problem.BadInputException when the file cannot be written
     */
    public void write(Figure figure, Path target) {
        WholeFile.write(
                target,
                channel -> {
                    try (ImageOutputStream out =
                            new MemoryCacheImageOutputStream(Channels.newOutputStream(channel))) {
                        encode(figure.image(), figure.metadata(), out);
                    }
                });
    }

    private static void encode(
            BufferedImage image, Map<String, String> fields, ImageOutputStream out)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try {
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(
                            ImageTypeSpecifier.createFromRenderedImage(image), null);
            metadata.mergeTree(FORMAT, tree(fields));
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, metadata), null);
        } catch (IIOInvalidTreeException e) {
            throw new IllegalStateException("metadata that PNG cannot hold: " + fields, e);
        } finally {
            writer.dispose();
        }
    }

    private static IIOMetadataNode tree(Map<String, String> fields) {
        IIOMetadataNode latin = new IIOMetadataNode("tEXt");
        IIOMetadataNode unicode = new IIOMetadataNode("iTXt");
        fields.forEach((key, value) -> {
            if (value.chars().allMatch(c -> c >= ' ' && c < 127)) {
                IIOMetadataNode entry = new IIOMetadataNode("tEXtEntry");
                entry.setAttribute("keyword", key);
                entry.setAttribute("value", value);
                latin.appendChild(entry);
            } else {
                IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
                entry.setAttribute("keyword", key);
                entry.setAttribute("compressionFlag", "FALSE");
                entry.setAttribute("compressionMethod", "0");
                entry.setAttribute("languageTag", "");
                entry.setAttribute("translatedKeyword", "");
                entry.setAttribute("text", value);
                unicode.appendChild(entry);
            }
        });
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        IIOMetadataNode density = new IIOMetadataNode("pHYs");
        density.setAttribute("pixelsPerUnitXAxis", DENSITY);
        density.setAttribute("pixelsPerUnitYAxis", DENSITY);
        density.setAttribute("unitSpecifier", "meter");
        root.appendChild(density);
        if (unicode.hasChildNodes()) {
            root.appendChild(unicode);
        }
        if (latin.hasChildNodes()) {
            root.appendChild(latin);
        }
        return root;
    }
}
