package org.headlight.viz.export;

import org.headlight.engine.task.WholeFile;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes a vector figure as SVG 1.1, its facts in the metadata element. The file appears only when
 * it is whole.
 */
final class SvgWriter {

    /**
     * Writes a figure.
     *
     * @throws org.headlight.engine.problem.BadInputException when the file cannot be written
     */
    void write(VectorFigure figure, Path target) {
        ByteBuffer bytes = ByteBuffer.wrap(text(figure).getBytes(StandardCharsets.UTF_8));
        WholeFile.write(
                target,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    /** The document. */
    String text(VectorFigure figure) {
        StringBuilder svg = new StringBuilder(1 << 16);
        String width = number(figure.width());
        String height = number(figure.height());
        svg.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg")
                .append(" xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" role=\"img\">\n");
        svg.append("<title>").append(escaped(figure.altText())).append("</title>\n<metadata>\n");
        for (Map.Entry<String, String> fact : figure.metadata().entrySet()) {
            svg.append("<headlight:fact xmlns:headlight=\"urn:headlight\" name=\"")
                    .append(escaped(fact.getKey()))
                    .append("\">")
                    .append(escaped(fact.getValue()))
                    .append("</headlight:fact>\n");
        }
        svg.append("</metadata>\n<rect width=\"100%\" height=\"100%\" fill=\"")
                .append(hex(figure.page()))
                .append("\"/>\n");
        figure.marks().forEach(mark -> mark(svg, mark));
        return svg.append("</svg>\n").toString();
    }

    private static void mark(StringBuilder svg, VectorMark mark) {
        svg.append("<path d=\"").append(path(mark.shape())).append('"');
        if (mark.shape().getPathIterator(null).getWindingRule() == PathIterator.WIND_EVEN_ODD) {
            svg.append(" fill-rule=\"evenodd\"");
        }
        BasicStroke stroke = mark.stroke();
        String kind = stroke == null ? "fill" : "stroke";
        if (stroke != null) {
            svg.append(" fill=\"none\"");
        }
        svg.append(' ').append(kind).append("=\"").append(hex(mark.color())).append('"');
        if (mark.color().getAlpha() < 255) {
            svg.append(' ')
                    .append(kind)
                    .append("-opacity=\"")
                    .append(number(mark.color().getAlpha() / 255.0))
                    .append('"');
        }
        if (stroke != null) {
            stroke(svg, stroke);
        }
        if (!mark.text().isEmpty()) {
            svg.append(" aria-label=\"").append(escaped(mark.text())).append('"');
        }
        svg.append("/>\n");
    }

    private static void stroke(StringBuilder svg, BasicStroke stroke) {
        svg.append(" stroke-width=\"").append(number(stroke.getLineWidth())).append('"');
        if (stroke.getEndCap() != BasicStroke.CAP_BUTT) {
            svg.append(
                    stroke.getEndCap() == BasicStroke.CAP_ROUND
                            ? " stroke-linecap=\"round\""
                            : " stroke-linecap=\"square\"");
        }
        if (stroke.getLineJoin() == BasicStroke.JOIN_ROUND) {
            svg.append(" stroke-linejoin=\"round\"");
        }
        float[] dash = stroke.getDashArray();
        if (dash != null) {
            StringJoiner parts = new StringJoiner(" ");
            for (float part : dash) {
                parts.add(number(part));
            }
            svg.append(" stroke-dasharray=\"").append(parts).append('"');
        }
    }

    private static String path(Shape shape) {
        StringBuilder path = new StringBuilder();
        double[] at = new double[6];
        for (PathIterator i = shape.getPathIterator(null); !i.isDone(); i.next()) {
            int kind = i.currentSegment(at);
            int count =
                    switch (kind) {
                        case PathIterator.SEG_QUADTO -> 4;
                        case PathIterator.SEG_CUBICTO -> 6;
                        case PathIterator.SEG_CLOSE -> 0;
                        default -> 2;
                    };
            path.append("MLQCZ".charAt(kind));
            for (int n = 0; n < count; n++) {
                path.append(n == 0 ? "" : " ").append(number(at[n]));
            }
        }
        return path.toString();
    }

    /** Hundredths of a pixel. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00")
                ? text.substring(0, text.length() - 3)
                : text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
    }

    private static String hex(Color color) {
        return String.format(
                Locale.ROOT, "#%02x%02x%02x", color.getRed(), color.getGreen(), color.getBlue());
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '&' -> safe.append("&amp;");
                        case '<' -> safe.append("&lt;");
                        case '>' -> safe.append("&gt;");
                        case '"' -> safe.append("&quot;");
                        default -> safe.appendCodePoint(c < ' ' && c != '\n' ? ' ' : c);
                    }
                });
        return safe.toString();
    }
}
