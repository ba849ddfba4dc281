package org.headlight.app.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.cli.bench.DeviceComparison.Line;
import org.headlight.app.cli.bench.DeviceComparison.Tolerances;
import org.headlight.assets.Assets;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is held against what, and when it fails; both on the processor. */
class DeviceComparisonTest {

    private static Model open(Path source) {
        return OnnxModels.open(source, ModelOptions.defaults(), Progress.NONE);
    }

    private static List<Line> compared(Path one, Path other, Tolerances allowed) {
        try (Model mine = open(one);
                Model truth = open(other)) {
            return new DeviceComparison(mine, truth, allowed).run(Progress.NONE);
        }
    }

    @Test
    void aModelAgreesWithItselfInEverything() {
        Path demo = new Assets().demoModelFolder();
        List<Line> lines = compared(demo, demo, Tolerances.FLOATS);
        assertThat(lines)
                .extracting(Line::what)
                .containsExactly(
                        "queries",
                        "keys",
                        "values",
                        "measures of heads",
                        "logits in pieces",
                        "xattention: logits",
                        "xattention: density",
                        "vertical-slash: logits",
                        "vertical-slash: density",
                        "a-shape: logits",
                        "a-shape: density",
                        "streaming: logits",
                        "streaming: density",
                        "response");
        assertThat(lines).allMatch(Line::passes);
        assertThat(lines.getLast().note()).isEqualTo("24 of 24 tokens are the processor's own");
    }

    /** The same weights, rounded: apart as halves are, and no further. */
    @Test
    void aModelInHalvesAgreesWithItsFloatsAsHalvesDoAndNotAsFloatsDo(@TempDir Path folder)
            throws IOException {
        Path floats = RandomLlama.write(Files.createDirectory(folder.resolve("floats")), 2, false);
        Path halves = RandomLlama.write(Files.createDirectory(folder.resolve("halves")), 2, true);
        try (Model model = open(halves)) {
            assertThat(DeviceComparison.halves(model)).isTrue();
        }
        List<Line> lines = compared(halves, floats, Tolerances.HALVES);
        assertThat(lines).filteredOn(line -> !line.passes()).isEmpty();
        assertThat(lines)
                .filteredOn(line -> line.what().equals("logits in pieces"))
                .allMatch(line -> line.difference() > Tolerances.FLOATS.numbers());
    }

    @Test
    void whatIsNoNumberDoesNotPass() {
        assertThat(new Line("x", Double.NaN, 1, "").passes()).isFalse();
        assertThat(new Line("x", Double.POSITIVE_INFINITY, 1, "").passes()).isFalse();
    }
}
