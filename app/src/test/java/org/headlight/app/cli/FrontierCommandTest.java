package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code headlight frontier} as a user gives it. */
class FrontierCommandTest {
    private static final String TEXT =
            "The secret number of the gray castle is 4821. Anna went out into the garden and looked"
                    + " at the sky for a long time.\n"
                    + "Question: What is the secret number of the gray castle? Answer:";

    @TempDir private Path folder;

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static CommandRun run(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of("frontier", "demo", "--text", TEXT), Stream.of(args))
                        .toArray(String[]::new));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(f -> f.getFileName().toString()).toList();
        }
    }

    /** Cells of a line, quotes taken away. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (char c : (line + ",").toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        return cells;
    }

    @Test
    void theTableHasARowForEachSettingAndTheFrontIsWhatNoOtherBeats() throws IOException {
        JsonObject json =
                run(
                                "--policies",
                                "recent,quest",
                                "--out",
                                file("t.csv"),
                                "--plot",
                                file("f.svg"),
                                "--prompt-tokens",
                                "40",
                                "--no-oracle",
                                "--json")
                        .json();
        assertThat(files()).containsExactlyInAnyOrder("t.csv", "f.svg");
        List<String> lines = Files.readAllLines(folder.resolve("t.csv"));
        List<String> header = cells(lines.getFirst());
        List<JsonElement> points = json.getAsJsonArray("points").asList();
        assertThat(lines).hasSize(points.size() + 1);
        int tokens = json.get("tokens").getAsInt();
        for (int i = 0; i < points.size(); i++) {
            JsonObject point = points.get(i).getAsJsonObject();
            List<String> row = cells(lines.get(i + 1));
            assertThat(row).hasSameSizeAs(header);
            assertThat(row.get(header.indexOf("policy")))
                    .isEqualTo(point.get("policy").getAsString());
            assertThat(Double.parseDouble(row.get(header.indexOf("kl"))))
                    .isCloseTo(point.get("kl").getAsDouble(), within(1e-6));
            if (row.getFirst().equals("recent")) {
                int window = Integer.parseInt(row.get(1).replaceAll(".*window=", ""));
                assertThat(Double.parseDouble(row.get(header.indexOf("density"))))
                        .isCloseTo(density(40, tokens, 4 + window), within(1e-6));
            }
            assertThat(row.get(header.indexOf("front")))
                    .isEqualTo(String.valueOf(notBeaten(point, points)));
        }
        String svg = Files.readString(folder.resolve("f.svg"));
        assertThat(svg)
                .contains("aria-label=\"recent\"", "aria-label=\"quest\"")
                .contains("headlight frontier demo")
                .endsWith("</svg>\n");
    }

    private static double density(int prompt, int tokens, int kept) {
        double sum = 0;
        double all = 0;
        for (int row = prompt; row < tokens; row++) {
            sum += Math.min(row + 1, kept);
            all += row + 1;
        }
        return sum / all;
    }

    private static boolean notBeaten(JsonObject point, List<JsonElement> all) {
        double cost = point.get("density").getAsDouble();
        double loss = lost(point);
        for (JsonElement element : all) {
            double c = element.getAsJsonObject().get("density").getAsDouble();
            double l = lost(element.getAsJsonObject());
            if (c <= cost && l <= loss && (c < cost || l < loss)) {
                return false;
            }
        }
        return true;
    }

    /** What is below a millionth is rounding. */
    private static double lost(JsonObject point) {
        double kl = point.get("kl").getAsDouble();
        return kl < 1e-6 ? 0 : kl;
    }

    @Test
    void aCancelledSweepLeavesNoFile() throws IOException {
        Interrupt interrupt = new Interrupt();
        interrupt.ask();
        CommandRun run =
                CommandRun.of(
                        interrupt,
                        new ByteArrayOutputStream(),
                        "frontier",
                        "demo",
                        "--policies",
                        "recent",
                        "--out",
                        file("t.csv"),
                        "--plot",
                        file("f.png"));
        assertThat(run.status()).isEqualTo(130);
        assertThat(files()).isEmpty();
    }

    /** Asks for an end when progress lines say that about half is done. */
    private static final class Watcher extends ByteArrayOutputStream {
        private static final Pattern PERCENT = Pattern.compile("\\r *(\\d+) %");

        private final Interrupt interrupt;

        Watcher(Interrupt interrupt) {
            this.interrupt = interrupt;
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int count) {
            super.write(bytes, from, count);
            String line = new String(bytes, from, count, StandardCharsets.UTF_8);
            Matcher percent = PERCENT.matcher(line);
            if (percent.find() && Integer.parseInt(percent.group(1)) >= 45) {
                interrupt.ask();
            }
        }
    }

    @Test
    void aSweepThatIsCancelledInTheMiddleLeavesNoFile() throws IOException {
        Interrupt interrupt = new Interrupt();
        CommandRun run =
                CommandRun.of(
                        interrupt,
                        new ByteArrayOutputStream(),
                        new Watcher(interrupt),
                        "frontier",
                        "demo",
                        "--text",
                        TEXT,
                        "--progress",
                        "--cost",
                        "time",
                        "--policies",
                        "recent,a-shape",
                        "--out",
                        file("t.csv"),
                        "--plot",
                        file("f.svg"));
        assertThat(interrupt.asked()).isTrue();
        assertThat(run.status()).isEqualTo(130);
        assertThat(run.out()).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void costIsTheTimeOfChoosingAndAttendingWhereItIsAskedFor() throws IOException {
        JsonObject json =
                run(
                                "--policies",
                                "recent",
                                "--cost",
                                "time",
                                "--loss",
                                "output",
                                "--out",
                                file("t.csv"),
                                "--no-oracle",
                                "--json")
                        .json();
        assertThat(json.get("cost").getAsString()).isEqualTo("time");
        List<String> lines = Files.readAllLines(folder.resolve("t.csv"));
        List<String> header = cells(lines.getFirst());
        List<double[]> points = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> row = cells(line);
            double time =
                    Double.parseDouble(row.get(header.indexOf("selectMs")))
                            + Double.parseDouble(row.get(header.indexOf("attendMs")));
            double lost = Double.parseDouble(row.get(header.indexOf("outputError")));
            assertThat(time).isPositive();
            assertThat(Double.parseDouble(row.get(header.indexOf("denseStepsAttendMs"))))
                    .isPositive();
            points.add(new double[] {time, lost < 1e-6 ? 0 : lost});
        }
        assertThat(points).hasSizeGreaterThan(2);
        for (int i = 0; i < points.size(); i++) {
            double[] own = points.get(i);
            boolean beaten =
                    points.stream()
                            .anyMatch(p ->
                                    p[0] <= own[0]
                                            && p[1] <= own[1]
                                            && (p[0] < own[0] || p[1] < own[1]));
            assertThat(cells(lines.get(i + 1)).get(header.indexOf("front")))
                    .isEqualTo(String.valueOf(!beaten));
        }
    }

    @Test
    void wrongUsageIsSaidBeforeAnythingRuns() throws IOException {
        String csv = file("t.csv");
        run("--policies", "recent", "--out", file("t.txt"))
                .assertFailed(
                        2,
                        "--out "
                                + file("t.txt")
                                + ": the table is CSV; give the file the ending"
                                + " .csv.");
        run("--policies", "recent", "--out", csv, "--plot", file("f.bmp"))
                .assertFailed(
                        2,
                        "--plot "
                                + file("f.bmp")
                                + ": a chart is written as .png, .svg or .pdf; give the file one"
                                + " of these endings.");
        run("--policies", "recent", "--out", csv, "--cost", "money")
                .assertFailed(2, "--cost is \"money\"; expected density or time.");
        run("--policies", "recent", "--out", csv, "--loss", "all")
                .assertFailed(2, "--loss is \"all\"; expected kl or output or missed or loss.");
        run("--policies", "recent", "--out", csv, "--log", "both")
                .assertFailed(2, "--log is \"both\"; expected cost, loss or cost,loss.");
        run("--policies", "recent", "--out", file("no/t.csv"))
                .assertFailed(
                        3,
                        String.format(
                                Locale.ROOT,
                                "%s cannot be written: the folder %s does not exist; make it"
                                        + " first.",
                                file("no/t.csv"),
                                folder.resolve("no")));
        assertThat(run("--policies", "recent,best", "--out", csv).err())
                .startsWith("--policies: There is no policy \"best\"; expected one of ");
        assertThat(files()).isEmpty();
    }
}
