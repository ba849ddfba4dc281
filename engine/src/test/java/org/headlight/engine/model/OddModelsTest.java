package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.attention.GraphMaker;
import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

/** Models that are not what they seem, or of which a part cannot be read. */
class OddModelsTest {
    private static final String DIFFERS =
            "Its attention weights, recomputed from queries and keys, differ from the model's own"
                    + " by 0\\.\\d{3}: its scores are made in a way that is not understood";

    @TempDir private Path folder;

    private static void assertOpens(Path file, int... layers) {
        try (OnnxModel model = Models.open(file)) {
            assertThat(model.info().sites().stream().mapToInt(ModelInfo.Site::layer))
                    .containsExactly(
                            java.util.Arrays.stream(layers).boxed().toArray(Integer[]::new));
        }
    }

    /** The masks of the first site over eight tokens, after the model's own check. */
    private static AttentionMask checkedMask(Path file) {
        try (OnnxModel model = Models.open(file);
                Capture capture =
                        model.capture(Models.tokens(8, TextGraph.VOCABULARY), Progress.NONE)) {
            assertThat(model.info().unsupported()).isEmpty();
            assertThat(model.check(8).maxAbsProbabilityDiff()).isLessThan(1e-3);
            return capture.sites().getFirst().heads().getFirst().mask();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 17})
    void aSoftmaxOverQueriesIsRefusedByName(long opset) {
        TextGraph graph = TextGraph.text(opset, "n");
        graph.attended(1, graph.scores(1, "x"), "v1", 2);
        Path file = graph.write(folder, "out1");

        assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching(
                        java.util.regex.Pattern.quote(
                                        file
                                                + " has no attention in a form that is understood"
                                                + " (node /p1: ")
                                + DIFFERS
                                + "\\); export it with eager attention, for one input of any"
                                + " length\\.");
    }

    @ParameterizedTest
    @CsvSource({"11, 3", "11, -1", "17, 3", "17, -1"})
    void aSoftmaxOverKeysIsReadInOldAndNewOperators(long opset, int axis) {
        TextGraph graph = TextGraph.text(opset, "n");
        graph.attended(1, graph.scores(1, "x"), "v1", axis);
        assertOpens(graph.write(folder, "out1"), 0);
    }

    @Test
    void aSiteThatIsNotWhatItSeemsIsLeftOutAndTheOthersKeepTheirLayers() {
        TextGraph graph = TextGraph.text();
        graph.attended(1, graph.scores(1, "x"), "v1", 2);
        graph.attended(2, graph.scores(2, "out1"));
        try (OnnxModel model = Models.open(graph.write(folder, "out2"));
                Capture capture =
                        model.capture(Models.tokens(65, TextGraph.VOCABULARY), Progress.NONE)) {
            assertThat(capture.sites()).extracting(SiteCapture::node).containsExactly("/p2");
            assertThat(capture.sites().getFirst().headName(0)).isEqualTo("L1H0");
            assertThat(model.check(16).maxAbsProbabilityDiff()).isLessThan(1e-5);
            assertThat(model.info().unsupported()).hasSize(1);
            UnsupportedSite left = model.info().unsupported().getFirst();
            assertThat(left.node()).isEqualTo("/p1");
            assertThat(left.reason()).matches(DIFFERS + "\\.");
        }
    }

    @Test
    void aSiteThatIsNotUnderstoodTakesALayer() {
        TextGraph graph = TextGraph.text();
        graph.attended(1, graph.scores(1, "x"));
        graph.scores(2, "out1");
        graph.maker().matrix("w_turn", 1, 2, 1, 1);
        graph.attended(2, graph.maker().node("Mul", "turned", List.of("s2", "w_turn")));
        graph.attended(3, graph.scores(3, "out2"));
        assertOpens(graph.write(folder, "out3"), 0, 2);
    }

    @Test
    void oneNumberAddedToAWholeRowHidesNothing() {
        TextGraph graph = TextGraph.text();
        graph.positions();
        graph.attended(1, graph.masked("Less", graph.scores(1, "x"), -10_000));
        AttentionMask mask = checkedMask(graph.write(folder, "out1"));

        assertThat(mask.firstKey(0)).isZero();
        assertThat(mask.endKey(0)).isEqualTo(8);
        assertThat(mask.endKey(1)).isEqualTo(1);
        assertThat(mask.endKey(7)).isEqualTo(7);
        assertThat(mask.unbiased()).isTrue();
    }

    @Test
    void aNumberThatSwallowsTheScoresOfARowHidesThemAll() {
        TextGraph graph = TextGraph.text();
        graph.positions();
        graph.attended(1, graph.masked("Less", graph.scores(1, "x"), -1e9));
        AttentionMask mask = checkedMask(graph.write(folder, "out1"));

        assertThat(mask.endKey(0)).isEqualTo(mask.firstKey(0));
        assertThat(mask.endKey(7)).isEqualTo(7);
    }

    @Test
    void scoresThatAreReplacedInAWholeRowAreHidden() {
        TextGraph graph = TextGraph.text();
        GraphMaker g = graph.maker();
        graph.positions();
        g.node("Less", "sees", List.of("columns", "rows"));
        g.node("Where", "masked", List.of("sees", graph.scores(1, "x"), g.number("fill", -1e4)));
        graph.attended(1, "masked");
        AttentionMask mask = checkedMask(graph.write(folder, "out1"));

        assertThat(mask.endKey(0)).isEqualTo(mask.firstKey(0));
        assertThat(mask.endKey(1)).isEqualTo(1);
    }

    /** At -200,000 scores keep steps of 1/64: the row is neither hidden nor as it was. */
    @Test
    void aRowThatOnlySeemsHiddenIsCounted() {
        TextGraph graph = TextGraph.text();
        graph.positions();
        graph.attended(1, graph.masked("Less", graph.scores(1, "x"), -2e5));
        Path file = graph.write(folder, "out1");
        assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("differ from the model's own by 0.");
    }

    @Test
    void aCacheThatWorksIsUsed() {
        try (OnnxModel model = Models.open(TextGraph.cached(folder, true, true))) {
            assertThat(model.need(100).feeding()).isEqualTo(MemoryNeed.Feeding.CHUNKS);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void aCacheWhosePositionsOrSlopesIgnoreThePastIsNotUsed(boolean positions, boolean slopes) {
        try (OnnxModel model = Models.open(TextGraph.cached(folder, positions, slopes))) {
            assertThat(model.info().sites()).hasSize(1);
            assertThat(model.need(100).feeding()).isEqualTo(MemoryNeed.Feeding.WHOLE);
        }
    }

    private void addReplacing(TextGraph graph, int site, String from) {
        GraphMaker g = graph.maker();
        g.node("LessOrEqual", "sees" + site, List.of("columns", "rows"));
        graph.scores(site, from);
        String fill = g.number("fill" + site, -10);
        g.node("Where", "kept" + site, List.of("sees" + site, "s" + site, fill));
        graph.attended(site, "kept" + site);
    }

    @Test
    void aSiteThatCannotBeReadIsLeftOut() {
        TextGraph graph = TextGraph.text();
        graph.positions();
        addReplacing(graph, 1, "x");
        graph.attended(2, graph.scores(2, "out1"));
        addReplacing(graph, 3, "out2");
        try (OnnxModel model = Models.open(graph.write(folder, "out3"))) {
            assertThat(model.info().sites())
                    .extracting(ModelInfo.Site::node)
                    .containsExactly("/p2");
            assertThat(model.info().unsupported())
                    .extracting(UnsupportedSite::node)
                    .containsExactly("/p1", "/p3");
            assertThat(model.info().unsupported().getFirst().reason())
                    .isEqualTo(
                            "It replaces masked scores by -10.0, which still lets them through;"
                                    + " expected -10000 or less.");
        }
    }

    @Test
    void aModelOfWhichNoSiteCanBeReadIsRefusedByName() {
        TextGraph graph = TextGraph.text();
        graph.positions();
        addReplacing(graph, 1, "x");
        Path file = graph.write(folder, "out1");
        assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " has no attention in a form that is understood (node /p1: It"
                                + " replaces masked scores by -10.0, which still lets them"
                                + " through; expected -10000 or less); export it with eager"
                                + " attention, for one input of any length.");
    }

    /** A bias learned for eight positions. */
    private Path biasOfEight() {
        TextGraph graph = TextGraph.text();
        GraphMaker g = graph.maker();
        g.matrix("bias", 2, 1, TextGraph.HEADS, 8, 8);
        graph.attended(1, g.node("Add", "biased", List.of(graph.scores(1, "x"), "bias")));
        return graph.write(folder, "out1");
    }

    @Test
    void aModelThatRunsOnOneLengthIsCheckedOnThat() {
        try (OnnxModel model = Models.open(biasOfEight())) {
            ModelCheck check = model.check(16);
            assertThat(check.tokens()).isEqualTo(8);
            assertThat(check.maxAbsProbabilityDiff()).isBetween(1e-12, 1e-5);
        }
    }

    @Test
    void aFailureOfTheRuntimeNamesTheNodeAndWhatToDo() {
        try (OnnxModel model = Models.open(biasOfEight())) {
            assertThatThrownBy(() ->
                            model.capture(Models.tokens(16, TextGraph.VOCABULARY), Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "made.onnx fails on 16 tokens: its node /biased (Add) stops: Attempting"
                                    + " to broadcast an axis by a dimension other than 1. 8 by 16;"
                                    + " give it another number of tokens, or export it again with a"
                                    + " free length.");
        }
    }

    /** No length that is tried is a multiple of 7. */
    @Test
    void aModelThatNoMadeUpInputRunsIsOpenedUnseen() {
        TextGraph graph = TextGraph.states();
        GraphMaker g = graph.maker();
        g.reshape("sevens", "x", -1, 7, 16);
        g.reshape("flat", "sevens", 1, -1, 16);
        graph.attended(1, graph.scores(1, "flat"));
        try (OnnxModel model = Models.open(graph.write(folder, "out1"))) {
            assertThat(model.info().sites()).hasSize(1);
            assertThat(model.info().sites().getFirst().heads()).isZero();
            assertThatThrownBy(() -> model.check(16))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "made.onnx cannot be checked: it runs on none of the inputs that were"
                                    + " made up for it.");
        }
    }

    @Test
    void aModelOfOneTokenSaysSo() {
        TextGraph graph = TextGraph.text(17, 1);
        graph.attended(1, graph.scores(1, "x"));
        try (OnnxModel model = Models.open(graph.write(folder, "out1"))) {
            assertThatThrownBy(() ->
                            model.capture(Models.tokens(3, TextGraph.VOCABULARY), Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "made.onnx takes exactly 1 token (its input input_ids is [batch, 1]),"
                                    + " but there are 3; give it that many, or export it with a"
                                    + " free length.");
        }
    }

    /** Slopes of distance, one a head; steeper from key to key, they are no rule. */
    private Path sloped(boolean rule) {
        TextGraph graph = TextGraph.text();
        GraphMaker g = graph.maker();
        graph.positions();
        g.node("Sub", "distance", List.of("columns", "rows"));
        g.node("Cast", "distance_f", List.of("distance"), "to", GraphMaker.FLOAT);
        g.matrix("slopes", 0.2, 1, TextGraph.HEADS, 1, 1);
        g.node("Mul", "even", List.of("distance_f", "slopes"));
        g.node("Cast", "columns_f", List.of("columns"), "to", GraphMaker.FLOAT);
        g.node("Mul", "steep", List.of("even", "columns_f"));
        g.node("Identity", "bias", List.of(rule ? "even" : "steep"));
        graph.attended(1, g.node("Add", "biased", List.of(graph.scores(1, "x"), "bias")));
        return graph.write(folder, "out1");
    }

    private OnnxModel withHeap(long bytes, boolean rule) {
        return OnnxModels.open(
                sloped(rule),
                ModelOptions.defaults(),
                Progress.NONE,
                new FreeMemory() {
                    @Override
                    public long machine() {
                        return 1L << 40;
                    }

                    @Override
                    public long heap() {
                        return bytes;
                    }
                });
    }

    @Test
    void biasesThatAreNoRuleAreCountedAndRefusedWhereTheHeapIsTooSmall() {
        // 2 heads x 4 bytes a cell: 1,000,000 bytes are enough for 353 x 353 cells.
        try (OnnxModel model = withHeap(1_000_000, false)) {
            MemoryNeed need = model.need(1_000);
            assertThat(need.heap().bytes()).isEqualTo(8_000_000);
            assertThat(need.heap().fits()).isFalse();
            assertThat(need.fits()).isFalse();
            assertThat(need.largestThatFits()).isEqualTo(353);
            // One layer of queries, keys and values, 16 floats each, and the biases.
            assertThat(need.captureBytes()).isEqualTo(1_000L * 3 * 16 * 4 + 8_000_000);
            assertThat(model.need(353).fits()).isTrue();
            assertThatThrownBy(() ->
                            model.capture(
                                    Models.tokens(1_000, TextGraph.VOCABULARY), Progress.NONE))
                    .isInstanceOf(org.headlight.engine.problem.TooLargeException.class)
                    .hasMessage(
                            "1,000 tokens through made.onnx would need 8 MB of Java heap for its"
                                + " mask, but 1 MB are available; the longest input that fits has"
                                + " 353 tokens.");
            try (Capture capture =
                    model.capture(Models.tokens(353, TextGraph.VOCABULARY), Progress.NONE)) {
                AttentionMask mask = capture.sites().getFirst().heads().getFirst().mask();
                assertThat((double) mask.bias(300, 100))
                        .isCloseTo(-10_000.0 * mask.bias(1, 2), within(1.0));
            }
        }
    }

    @Test
    void biasesByDistanceTakeNoRoomForCellsInACapture() {
        try (OnnxModel model = withHeap(1L << 40, true)) {
            MemoryNeed need = model.need(1_000);
            assertThat(need.captureBytes()).isEqualTo(1_000L * 3 * 16 * 4);
            // All of it passes through the heap once, to be held against the distances.
            assertThat(need.heap().bytes()).isEqualTo(8_000_000);
        }
    }

    @Test
    void biasesByDistanceAreCountedAndRefusedWhereTheyCannotBeReadOnce() {
        try (OnnxModel model = withHeap(1_000_000, true)) {
            assertThatThrownBy(() ->
                            model.capture(
                                    Models.tokens(1_000, TextGraph.VOCABULARY), Progress.NONE))
                    .isInstanceOf(org.headlight.engine.problem.TooLargeException.class)
                    .hasMessage(
                            "1,000 tokens through made.onnx would need 8 MB of Java heap for its"
                                + " mask, but 1 MB are available; the longest input that fits has"
                                + " 353 tokens.");
        }
    }

    @Test
    void biasesByDistanceAreCountedAmongTheOutputsOfARunInOnePiece() {
        TextGraph plain = TextGraph.text();
        plain.attended(1, plain.scores(1, "x"));
        Path without = plain.write(folder, "out1");
        long bare;
        try (OnnxModel model = Models.open(without)) {
            bare = model.need(1_000).runBytes();
        }
        try (OnnxModel model = withHeap(1L << 40, true)) {
            assertThat(model.need(1_000).runBytes()).isEqualTo(bare + 8_000_000);
        }
    }

    /** Tokens in windows of four, with a bias of positions and a mask for shifted windows. */
    @Test
    void attentionInWindowsIsRefusedByName() {
        TextGraph graph = TextGraph.text();
        GraphMaker g = graph.maker();
        g.reshape("windows", "x", -1, 4, 16);
        for (String part : List.of("q", "k", "v")) {
            g.matMul(part + "_flat", "windows", g.matrix("w_" + part, 0.8, 16, 16));
            g.reshape(part + "_split", part + "_flat", -1, 4, TextGraph.HEADS, 8);
            g.transpose(part, part + "_split", 0, 2, 1, 3);
        }
        g.node("Mul", "q_scaled", List.of("q", "c"));
        g.transpose("kt", "k", 0, 1, 3, 2);
        g.matMul("raw", "q_scaled", "kt");
        g.node(
                "Add",
                "placed",
                List.of("raw", g.matrix("positions", 0.5, 1, TextGraph.HEADS, 4, 4)));
        g.reshape("five", "placed", 1, -1, TextGraph.HEADS, 4, 4);
        g.node("Add", "shifted", List.of("five", g.matrix("shift", 0.5, 1, 1, 1, 4, 4)));
        g.reshape("four", "shifted", -1, TextGraph.HEADS, 4, 4);
        g.node("Softmax", "p", List.of("four"), "axis", -1);
        g.matMul("seen", "p", "v");
        g.transpose("joined", "seen", 0, 2, 1, 3);
        g.reshape("out1", "joined", 1, -1, 16);
        Path file = graph.write(folder, "out1");
        assertThatThrownBy(() -> Models.open(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        file
                                + " has no attention in a form that is understood (node /p: It"
                                + " attends within each of 2 windows of 4 tokens (its queries have"
                                + " the shape [2, 2, 4, 8]), so that there is no one map to show; a"
                                + " model whose tokens all attend to one another was expected);"
                                + " export it with eager attention, for one input of any length.");
    }

    @Test
    void aTensorAboveTwoGigabytesCannotBeReadHoweverLargeTheHeap() {
        try (OnnxModel model = withHeap(1L << 40, false)) {
            // 2 heads x 4 bytes x 16,383 squared are the last below 2^31.
            assertThat(model.need(20_000).largestThatFits()).isEqualTo(16_383);
            assertThat(model.need(16_384).fits()).isFalse();
        }
    }
}
