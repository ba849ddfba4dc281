package org.headlight.viz.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.assets.Assets;
import org.headlight.engine.problem.BadInputException;
import org.headlight.viz.chart.FrontierPlot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.geom.Line2D;
import java.awt.geom.QuadCurve2D;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/** Figures of lines and areas, as files. */
class VectorFigureTest {
    @TempDir private Path folder;

    private static VectorFigure figure(VectorCanvas canvas) {
        return new VectorFigure(
                100,
                50,
                Color.WHITE,
                canvas.marks(),
                Map.of("Title", "A & B", "command", "headlight map \"x\" <y>"),
                "A < B.");
    }

    private static VectorFigure drawn() {
        VectorCanvas canvas = new VectorCanvas();
        canvas.setColor(new Color(0x102030));
        canvas.translate(10, 5);
        canvas.scale(2, 2);
        canvas.fill(new Rectangle(1, 2, 3, 4));
        canvas.setStroke(new BasicStroke(1.5f));
        canvas.setColor(new Color(255, 0, 0, 51));
        canvas.draw(new Line2D.Double(0, 0, 4, 4));
        canvas.fill(new QuadCurve2D.Double(0, 0, 3, 3, 6, 0));
        return figure(canvas);
    }

    private static Document parsed(Path file)
            throws ParserConfigurationException, IOException, SAXException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(Files.newInputStream(file));
    }

    @Test
    void shapesAreKeptWhereTheTransformPutsThem() {
        String svg = new SvgWriter().text(drawn());
        assertThat(svg)
                .contains("<path d=\"M12 9L18 9L18 17L12 17L12 9Z\" fill=\"#102030\"/>")
                .contains(
                        "<path d=\"M10 5L18 13\" fill=\"none\" stroke=\"#ff0000\""
                                + " stroke-opacity=\"0.2\" stroke-width=\"3\""
                                + " stroke-linecap=\"square\"/>")
                .contains("M10 5Q16 11 22 5");
    }

    @Test
    void aClipCutsWhatLiesOutside() {
        VectorCanvas canvas = new VectorCanvas();
        canvas.setColor(Color.BLACK);
        canvas.clipRect(0, 0, 10, 10);
        canvas.fill(new Rectangle(5, 5, 20, 20));
        canvas.fill(new Rectangle(30, 30, 5, 5));
        canvas.draw(new Line2D.Double(2, 3, 8, 3));
        assertThat(canvas.marks()).hasSize(2);
        assertThat(canvas.marks().getFirst().shape().getBounds2D())
                .isEqualTo(new Rectangle(5, 5, 5, 5).getBounds2D());
        assertThat(canvas.marks().getLast().stroke()).isNotNull();
    }

    @Test
    void aCopyOfTheCanvasDrawsOnTheSameFigure() {
        VectorCanvas canvas = new VectorCanvas();
        var copy = canvas.create();
        copy.translate(7, 0);
        copy.fillRect(0, 0, 1, 1);
        copy.dispose();
        canvas.fillRect(0, 0, 1, 1);
        assertThat(canvas.marks())
                .extracting(mark -> mark.shape().getBounds2D().getX())
                .containsExactly(7.0, 0.0);
    }

    @Test
    void svgIsWellFormedAndSaysWhatItIs()
            throws ParserConfigurationException, IOException, SAXException {
        Path file = folder.resolve("f.svg");
        new SvgWriter().write(drawn(), file);
        Document document = parsed(file);
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("A < B.");
        NodeList facts = document.getElementsByTagNameNS("urn:headlight", "fact");
        assertThat(facts.getLength()).isEqualTo(2);
        assertThat(Stream.of(facts.item(0), facts.item(1)).map(f -> f.getTextContent()))
                .containsExactlyInAnyOrder("A & B", "headlight map \"x\" <y>");
    }

    @Test
    void everyObjectOfAPdfIsWhereItsTableSays() {
        byte[] bytes = new PdfWriter().document(drawn());
        String pdf = new String(bytes, StandardCharsets.US_ASCII);
        assertThat(pdf).startsWith("%PDF-1.4\n").endsWith("%%EOF\n");
        assertThat(pdf).contains("/MediaBox [0 0 75 37.500]");
        // The quadratic curve 0,0 3,3 6,0 as a cubic one.
        assertThat(pdf).contains("10 5 m 14 9 18 9 22 5 c");
        Matcher start = Pattern.compile("startxref\n(\\d+)\n").matcher(pdf);
        assertThat(start.find()).isTrue();
        String table = pdf.substring(Integer.parseInt(start.group(1)));
        assertThat(table).startsWith("xref\n0 6\n");
        Matcher entry = Pattern.compile("(\\d{10}) 00000 n \n").matcher(table);
        List<Integer> places = new ArrayList<>();
        while (entry.find()) {
            places.add(Integer.parseInt(entry.group(1)));
        }
        assertThat(places).hasSize(5);
        for (int i = 0; i < places.size(); i++) {
            assertThat(pdf.substring(places.get(i))).startsWith((i + 1) + " 0 obj\n");
        }
        Matcher length =
                Pattern.compile("/Length (\\d+) >>\nstream\n(.*?)\nendstream", Pattern.DOTALL)
                        .matcher(pdf);
        assertThat(length.find()).isTrue();
        assertThat(length.group(2)).hasSize(Integer.parseInt(length.group(1)));
    }

    @Test
    void aFrontierIsWrittenInAllFormats()
            throws ParserConfigurationException, IOException, SAXException {
        FrontierPlot plot =
                new FrontierPlot(
                        List.of(
                                new FrontierPlot.Dot(
                                        "band", 0.2, 0.5, FrontierPlot.Kind.METHOD, true),
                                new FrontierPlot.Dot(
                                        "band", 0.4, 0.1, FrontierPlot.Kind.METHOD, true),
                                new FrontierPlot.Dot(
                                        "guess", 0.5, 0.2, FrontierPlot.Kind.SURROGATE, false),
                                new FrontierPlot.Dot(
                                        "cover", 0.1, 0.05, FrontierPlot.Kind.ORACLE, false)),
                        new FrontierPlot.Measure("density", false),
                        new FrontierPlot.Measure("KL", true));
        ChartFigure figure = new ChartFigure(new Assets());
        ChartFigure.Words words =
                new ChartFigure.Words(
                        false,
                        "A frontier",
                        "hollow: surrogates",
                        new Provenance("toy", "abc", 12, "Headlight 1", "headlight frontier"));
        for (String ending : List.of("png", "svg", "pdf")) {
            figure.write(plot, 400, 300, words, folder.resolve("f." + ending));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("f.png", "f.svg", "f.pdf");
        }
        NodeList paths = parsed(folder.resolve("f.svg")).getElementsByTagName("path");
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < paths.getLength(); i++) {
            var label = paths.item(i).getAttributes().getNamedItem("aria-label");
            if (label != null) {
                labels.add(label.getNodeValue());
            }
        }
        assertThat(labels).contains("band", "guess", "cover", "density", "KL", "0.2", "0.1");
        assertThat(Files.readString(folder.resolve("f.svg"))).doesNotContain("NaN");
        assertThatThrownBy(() -> figure.write(plot, 400, 300, words, folder.resolve("f.bmp")))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        folder.resolve("f.bmp")
                                + ": a chart is written as .png, .svg or .pdf; give the file one"
                                + " of these endings.");
    }
}
