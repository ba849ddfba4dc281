package org.headlight.viz.export;

import org.headlight.engine.task.WholeFile;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a vector figure as one page of PDF 1.4, its facts in the document's information. The file
 * appears only when it is whole.
 */
final class PdfWriter {
    /** Points of 1/72 inch per pixel of 1/96 inch. */
    private static final double POINT = 0.75;

    /**
     * Writes a figure.
     *
     * @throws org.headlight.engine.problem.BadInputException when the file cannot be written
     */
    void write(VectorFigure figure, Path target) {
        ByteBuffer bytes = ByteBuffer.wrap(document(figure));
        WholeFile.write(
                target,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    /** The document. */
    byte[] document(VectorFigure figure) {
        String content = content(figure);
        List<String> objects = new ArrayList<>();
        objects.add("<< /Type /Catalog /Pages 2 0 R >>");
        objects.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        objects.add(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 "
                        + number(figure.width() * POINT)
                        + " "
                        + number(figure.height() * POINT)
                        + "] /Resources << /ExtGState << "
                        + states(figure)
                        + ">> >> /Contents 4 0 R >>");
        objects.add("<< /Length " + content.length() + " >>\nstream\n" + content + "\nendstream");
        objects.add(information(figure));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, "%PDF-1.4\n");
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            places.add(out.size());
            write(out, (i + 1) + " 0 obj\n" + objects.get(i) + "\nendobj\n");
        }
        int table = out.size();
        StringBuilder xref = new StringBuilder("xref\n0 " + (objects.size() + 1) + "\n");
        xref.append("0000000000 65535 f \n");
        for (int place : places) {
            xref.append(String.format(Locale.ROOT, "%010d 00000 n \n", place));
        }
        write(out, xref.toString());
        write(
                out,
                "trailer\n<< /Size "
                        + (objects.size() + 1)
                        + " /Root 1 0 R /Info 5 0 R >>\nstartxref\n"
                        + table
                        + "\n%%EOF\n");
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String states(VectorFigure figure) {
        Set<Integer> alphas = new TreeSet<>(Set.of(255));
        figure.marks().forEach(mark -> alphas.add(mark.color().getAlpha()));
        StringBuilder states = new StringBuilder();
        for (int alpha : alphas) {
            String share = number(alpha / 255.0);
            states.append("/A")
                    .append(alpha)
                    .append(" << /CA ")
                    .append(share)
                    .append(" /ca ")
                    .append(share)
                    .append(" >> ");
        }
        return states.toString();
    }

    private static String information(VectorFigure figure) {
        StringBuilder facts = new StringBuilder();
        figure.metadata()
                .forEach((name, value) -> {
                    if (!name.equals("Title") && !name.equals("Software")) {
                        facts.append(facts.isEmpty() ? "" : "; ").append(name).append(": ");
                        facts.append(value);
                    }
                });
        return "<< /Title "
                + text(figure.metadata().getOrDefault("Title", figure.altText()))
                + " /Creator "
                + text(figure.metadata().getOrDefault("Software", ""))
                + " /Subject "
                + text(figure.altText())
                + " /Keywords "
                + text(facts.toString())
                + " >>";
    }

    private static String text(String words) {
        return "<FEFF"
                + HexFormat.of()
                        .withUpperCase()
                        .formatHex(words.getBytes(StandardCharsets.UTF_16BE))
                + ">";
    }

    private static String content(VectorFigure figure) {
        StringBuilder page = new StringBuilder(1 << 16);
        double height = figure.height() * POINT;
        page.append(color(figure.page(), "rg"))
                .append("0 0 ")
                .append(number(figure.width() * POINT))
                .append(' ')
                .append(number(height))
                .append(" re f\n");
        page.append(number(POINT)).append(" 0 0 ").append(number(-POINT)).append(" 0 ");
        page.append(number(height)).append(" cm\n");
        figure.marks().forEach(mark -> mark(page, mark));
        return page.toString();
    }

    private static void mark(StringBuilder page, VectorMark mark) {
        page.append("/A").append(mark.color().getAlpha()).append(" gs\n");
        BasicStroke stroke = mark.stroke();
        page.append(color(mark.color(), stroke == null ? "rg" : "RG"));
        if (stroke != null) {
            page.append(number(stroke.getLineWidth())).append(" w ");
            page.append(stroke.getEndCap()).append(" J ");
            page.append(stroke.getLineJoin()).append(" j [");
            float[] dash = stroke.getDashArray();
            for (int i = 0; dash != null && i < dash.length; i++) {
                page.append(i == 0 ? "" : " ").append(number(dash[i]));
            }
            page.append("] ").append(number(stroke.getDashPhase())).append(" d\n");
        }
        path(page, mark.shape());
        boolean odd =
                mark.shape().getPathIterator(null).getWindingRule() == PathIterator.WIND_EVEN_ODD;
        page.append(stroke != null ? "S" : odd ? "f*" : "f").append('\n');
    }

    private static void path(StringBuilder page, Shape shape) {
        double[] to = new double[6];
        double[] from = new double[2];
        for (PathIterator i = shape.getPathIterator(null); !i.isDone(); i.next()) {
            int last;
            switch (i.currentSegment(to)) {
                case PathIterator.SEG_MOVETO -> {
                    numbers(page, to, 2).append("m ");
                    last = 0;
                }
                case PathIterator.SEG_LINETO -> {
                    numbers(page, to, 2).append("l ");
                    last = 0;
                }
                case PathIterator.SEG_QUADTO -> {
                    double[] cubic = {
                        from[0] + 2.0 / 3 * (to[0] - from[0]),
                        from[1] + 2.0 / 3 * (to[1] - from[1]),
                        to[2] + 2.0 / 3 * (to[0] - to[2]),
                        to[3] + 2.0 / 3 * (to[1] - to[3]),
                        to[2],
                        to[3]
                    };
                    numbers(page, cubic, 6).append("c ");
                    last = 2;
                }
                case PathIterator.SEG_CUBICTO -> {
                    numbers(page, to, 6).append("c ");
                    last = 4;
                }
                default -> {
                    page.append("h ");
                    last = -1;
                }
            }
            if (last >= 0) {
                from[0] = to[last];
                from[1] = to[last + 1];
            }
        }
        page.append('\n');
    }

    private static StringBuilder numbers(StringBuilder page, double[] values, int count) {
        for (int i = 0; i < count; i++) {
            page.append(number(values[i])).append(' ');
        }
        return page;
    }

    private static String color(Color color, String operator) {
        return number(color.getRed() / 255.0)
                + " "
                + number(color.getGreen() / 255.0)
                + " "
                + number(color.getBlue() / 255.0)
                + " "
                + operator
                + " ";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.endsWith(".000") ? text.substring(0, text.length() - 4) : text;
    }
}
