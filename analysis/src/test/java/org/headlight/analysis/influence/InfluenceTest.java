package org.headlight.analysis.influence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

class InfluenceTest {
    private static final List<String> SENTENCES =
            List.of(
                    "the cat sat on a mat",
                    "we left for town at six",
                    "her brother sold old maps",
                    "no one had seen it rain",
                    "a ship came in at noon",
                    "they sing on the hill");

    private static ScriptedModel scripted() {
        return new ScriptedModel(0, Optional.empty());
    }

    private static Model demo() {
        Path folder = Path.of("..", "..", "shared", "models", "headlight-demo");
        Assumptions.assumeTrue(Files.isDirectory(folder), "the shared models are not there");
        return OnnxModels.open(folder, ModelOptions.defaults(), Progress.NONE);
    }

    private static KeyValueTask small() {
        return KeyValueTask.defaults().withContext(900).withKeyLength(8).withSamples(6);
    }

    @Test
    void aSampleAsksForAValueThatStandsInItsJsonWithTheSameTokens() {
        Tokenizer characters = scripted().tokenizer().orElseThrow();
        KeyValueMaker maker = new KeyValueMaker(characters, small(), SENTENCES);
        for (int i = 0; i < 20; i++) {
            KeyValueSample sample = maker.next();
            List<Token> tokens = sample.tokens();
            assertThat(tokens).hasSizeBetween(900 - 45, 900);
            assertThat(tokens.getFirst().special()).isTrue();
            assertThat(tokens.stream().filter(Token::special)).hasSize(1);
            assertThat(tokens)
                    .extracting(Token::position)
                    .containsExactlyElementsOf(IntStream.range(0, tokens.size()).boxed().toList());
            for (int t = 0; t < sample.answerLength(); t++) {
                assertThat(tokens.get(sample.valueFrom() + t).id())
                        .isEqualTo(tokens.get(sample.answerFrom() + t).id());
            }
            String text = characters.decode(tokens.stream().mapToInt(Token::id).toArray());
            String answer = text.substring(sample.answerFrom() - 1);
            assertThat(SENTENCES).contains(answer);
            String key = text.substring(text.lastIndexOf("key \"") + 5, text.lastIndexOf("\"?"));
            assertThat(key).matches("[A-Za-z0-9]{8}");
            assertThat(text).contains("\"" + key + "\": \"" + answer + "\"");
            assertThat(text.split("\"" + answer + "\"", -1)).hasSize(2);
            assertThat(text.split("Question: ", -1)).hasSize(5);
            assertThat(text.split("\": \"", -1)).hasSize(sample.pairs() + 1);
        }
    }

    @Test
    void theSameSeedMakesTheSameSamplesAndAnotherSeedOthers() {
        Tokenizer characters = scripted().tokenizer().orElseThrow();
        KeyValueSample first = new KeyValueMaker(characters, small(), SENTENCES).next();
        KeyValueSample again = new KeyValueMaker(characters, small(), SENTENCES).next();
        KeyValueSample other = new KeyValueMaker(characters, small().withSeed(1), SENTENCES).next();
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void aContextThatIsTooShortForTheQuestionsIsRefusedWithBothNumbers() {
        Tokenizer characters = scripted().tokenizer().orElseThrow();
        KeyValueMaker maker = new KeyValueMaker(characters, small().withContext(100), SENTENCES);
        assertThatThrownBy(maker::next)
                .isInstanceOf(BadInputException.class)
                .hasMessageMatching(
                        "A sample of the key-value task with 4 keys takes \\d+ tokens, and the"
                                + " context has 100; take shorter keys, fewer examples or a longer"
                                + " context\\.");
        assertThatThrownBy(() ->
                        new KeyValueMaker(
                                characters, new KeyValueTask(1, 4, 5, 3, 900, 0, 0), SENTENCES))
                .hasMessage(
                        "None of 6 sentences has at most 5 tokens; the values of the key-value"
                                + " task need at least one.");
    }

    @Test
    void aHeadThatCopiesSomeOfTheTokensScoresTheirShare() {
        // Value at 2 to 5 (ids 7 8 9 7), answer at 7 to 10: rows 6 to 9 emit it.
        List<Token> tokens = new ArrayList<>();
        for (int id : new int[] {1, 5, 7, 8, 9, 7, 6, 7, 8, 9, 7}) {
            tokens.add(new Token(tokens.size(), id, "", false));
        }
        KeyValueSample sample = new KeyValueSample(tokens, 7, 2, 1);
        assertThat(score(sample, 2, 3, 4, 5)).isEqualTo(1);
        // Three different tokens; 7 is copied from either place, 8 from nowhere.
        assertThat(score(sample, 5, 0, 4, 0)).isEqualTo(2 / 3.0);
        // Only inside the value, and only the token that is emitted.
        assertThat(score(sample, 3, 7, 8, 9)).isEqualTo(0);
        assertThat(score(sample, 2, 2, 2, 2)).isEqualTo(1 / 3.0);
    }

    private static double score(KeyValueSample sample, int... looked) {
        int n = sample.tokens().size();
        float[] map = new float[n * n];
        for (int q = 0; q < n; q++) {
            map[q * n] = 0.4f;
        }
        for (int i = 0; i < looked.length; i++) {
            map[(sample.answerFrom() - 1 + i) * n + looked[i]] += 0.6f;
        }
        return CopyScore.of(
                new ProbabilityHead(new ArrayMatrix(map, n, n), AttentionMask.causal(0)),
                sample,
                KernelProvider.best());
    }

    @Test
    void theHeadThatCopiesIsFoundAndTheOthersAreNot() {
        ScriptedModel model = scripted();
        ImportantHeads found = new HeadFinder(model, small(), 0.05).find(SENTENCES, Progress.NONE);
        assertThat(found.chosen()).containsExactly(HeadAddress.self(0, 1));
        assertThat(found.samples()).isEqualTo(6);
        assertThat(found.settled()).isFalse();
        assertThat(found.context()).isEqualTo(900);
        assertThat(found.heads())
                .extracting(HeadImportance::name)
                .containsExactly("L0H0", "L0H1", "L1H0", "L1H1");
        assertThat(found.heads().get(0).score()).isZero();
        assertThat(found.heads().get(2).score()).isZero();
        assertThat(found.heads().get(1).score()).isGreaterThan(0.4);
        assertThat(found.heads().get(1).activation()).isGreaterThan(0.8);
        assertThat(found.heads().get(3).score())
                .isBetween(0.1, found.heads().get(1).score() - 0.05);
        assertThat(found.accuracy()).isGreaterThan(0.4);
    }

    @Test
    void aSearchThatHasSettledEndsEarly() {
        ImportantHeads found =
                new HeadFinder(scripted(), small().withSamples(800).withSettle(3), 0.5)
                        .find(SENTENCES, Progress.NONE);
        assertThat(found.samples()).isEqualTo(4);
        assertThat(found.settled()).isTrue();
        assertThat(found.chosen()).containsExactly(HeadAddress.self(0, 1), HeadAddress.self(1, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 24, 1",
        "0.05, 10, 1",
        "0.05, 2, 1",
        "0.05, 30, 2",
        "0.05, 1024, 51",
        "1, 3, 3"
    })
    void theShareOfHeadsIsRoundedAndNeverNone(double share, int heads, int count) {
        assertThat(HeadFinder.count(share, heads)).isEqualTo(count);
    }

    @Test
    void theLossOfWhatIsCopiedGrowsWhenTheModelIsMasked() {
        ScriptedModel model = scripted();
        AttentionInfluence influence =
                new AttentionInfluence(model, List.of(HeadAddress.self(0, 1)), 4096);
        DocumentScore score =
                influence.score(new Document("a", "d", "abcdefgabcdefg"), Progress.NONE);
        // Of 14 predicted tokens the last two follow five that stood there before.
        double uniform = Math.log(128);
        double known = -Math.log(Math.exp(10) / (Math.exp(10) + 127));
        assertThat(score.lossBase()).isCloseTo((12 * uniform + 2 * known) / 14, within(1e-9));
        assertThat(score.lossMasked()).isCloseTo(uniform, within(1e-9));
        assertThat(score.score())
                .isCloseTo((score.lossMasked() - score.lossBase()) / score.lossBase(), within(0d));
        assertThat(score.tokens()).isEqualTo(15);
        assertThat(model.runs.get(0).heads()).isEmpty();
        assertThat(model.runs.get(1).heads()).containsExactly(HeadAddress.self(0, 1));
    }

    @ParameterizedTest
    @CsvSource({"4096, 0, 13, false", "13, 0, 13, false", "12, 0, 12, true", "4096, 5, 5, true"})
    void aDocumentIsReadUpToTheContext(int context, int positions, int read, boolean cut) {
        AttentionInfluence influence =
                new AttentionInfluence(
                        new ScriptedModel(positions, Optional.empty()), List.of(), context);
        DocumentScore score = influence.score(new Document("a", "", "abcdefabcdef"), Progress.NONE);
        assertThat(score.tokens()).isEqualTo(read);
        assertThat(score.truncated()).isEqualTo(cut);
    }

    @Test
    void aDocumentOfOneTokenHasNoLossAndNoScore() {
        DocumentScore score =
                new AttentionInfluence(scripted(), List.of(), 4096)
                        .score(new Document("a", "", ""), Progress.NONE);
        assertThat(score.tokens()).isEqualTo(1);
        assertThat(score.lossBase()).isNaN();
        assertThat(score.score()).isNaN();
        assertThat(new DocumentScore("a", "", "", 2, false, 0, 1).score()).isNaN();
    }

    @Test
    void whatIsNoDecoderOrLacksAHeadIsRefused() {
        ScriptedModel encoder =
                new ScriptedModel(0, Optional.of("scripted cannot write text: it only reads."));
        assertThatThrownBy(() -> new AttentionInfluence(encoder, List.of(), 10))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "AttentionInfluence compares losses of next tokens, which only a decoder"
                                + " has. scripted cannot write text: it only reads.");
        assertThatThrownBy(() -> new HeadFinder(encoder, small(), 0.05))
                .isInstanceOf(BadInputException.class);
        assertThatThrownBy(() ->
                        new AttentionInfluence(scripted(), List.of(HeadAddress.self(1, 2)), 10))
                .hasMessage(
                        "scripted has no self-attention head L1H2; headlight inspect lists what"
                                + " there is.");
    }

    @Test
    void cancellingEndsASearch() {
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {
                        // nobody looks
                    }

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        assertThatThrownBy(
                        () -> new HeadFinder(scripted(), small(), 0.05).find(SENTENCES, cancelled))
                .isInstanceOf(CancelledException.class);
    }

    @Test
    void maskingNoHeadChangesNothingAndMaskingIsTheUniformHook() {
        try (Model model = demo()) {
            Document lookup =
                    new Document(
                            "lookup",
                            "",
                            "The secret number of the gray castle is 4821. Anna went out into the"
                                    + " garden.\nQuestion: What is the secret number of the gray"
                                    + " castle? Answer: The secret number of the gray castle is"
                                    + " 4821.");
            assertThat(
                            new AttentionInfluence(model, List.of(), 4096)
                                    .score(lookup, Progress.NONE)
                                    .score())
                    .isEqualTo(0);
            List<HeadAddress> heads = List.of(HeadAddress.self(2, 4), HeadAddress.self(2, 0));
            DocumentScore score =
                    new AttentionInfluence(model, heads, 4096).score(lookup, Progress.NONE);
            List<Token> tokens = model.tokenizer().orElseThrow().encode(lookup.text());
            assertThat(score.lossBase())
                    .isCloseTo(naiveLoss(model, tokens, SeamHooks.NONE), within(1e-6));
            assertThat(score.lossMasked())
                    .isCloseTo(
                            naiveLoss(
                                    model, tokens, SeamHooks.NONE.with(heads, HeadHook.uniform())),
                            within(1e-6));
            DocumentScore prose =
                    new AttentionInfluence(model, heads, 4096)
                            .score(
                                    new Document(
                                            "prose",
                                            "",
                                            "The harbor was quiet that morning. A few boats lay"
                                                    + " on the mud, and the gulls walked between"
                                                    + " them."),
                                    Progress.NONE);
            assertThat(score.score()).isGreaterThan(prose.score() + 0.02);
        }
    }

    private static double naiveLoss(Model model, List<Token> tokens, SeamHooks hooks) {
        Matrix logits =
                model.run(tokens, hooks, CutOutcome.Wanted.LOGITS, Progress.NONE)
                        .logits()
                        .orElseThrow();
        float[] row = new float[logits.cols()];
        double loss = 0;
        for (int t = 1; t < tokens.size(); t++) {
            logits.copyRows(t - 1, t, row, 0);
            double sum = 0;
            for (float x : row) {
                sum += Math.exp(x);
            }
            loss -= Math.log(Math.exp(row[tokens.get(t).id()]) / sum) / (tokens.size() - 1);
        }
        return loss;
    }

    @Test
    void theInductionHeadThatCopiesMostIsFoundInTheDemoModel() {
        try (Model model = demo()) {
            ImportantHeads found =
                    new HeadFinder(
                                    model,
                                    KeyValueTask.defaults()
                                            .withKeyLength(6)
                                            .withContext(512)
                                            .withSamples(6),
                                    0.05)
                            .find(SENTENCES, Progress.NONE);
            assertThat(found.heads()).hasSize(24);
            assertThat(found.chosen()).hasSize(1);
            // Its card: L1H4 is the strongest of the induction heads, which copy; L0H3 and L0H5
            // look at the previous token.
            assertThat(found.chosen()).containsExactly(HeadAddress.self(1, 4));
            assertThat(found.heads().get(10).score()).isGreaterThan(0.3);
            assertThat(found.heads().get(3).score()).isLessThan(0.05);
            assertThat(found.heads().get(5).score()).isLessThan(0.05);
            assertThat(found.heads()).allSatisfy(h -> assertThat(h.score()).isBetween(0.0, 1.0));
        }
    }

    @Test
    void aCorpusOfLinesGivesTheirDocumentsOneAfterAnother(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("c.jsonl");
        Files.writeString(
                file,
                """
                \uFEFF{"id": "a", "domain": "code", "text": "one"}

                {"id": 7, "content": "two\\nlines"}
                {"text": "three", "id": null}\
                """);
        try (Corpus corpus = Corpus.open(file)) {
            assertThat(corpus.next()).contains(new Document("a", "code", "one"));
            assertThat(corpus.next()).contains(new Document("7", "", "two\nlines"));
            assertThat(corpus.next()).contains(new Document("line 4", "", "three"));
            assertThat(corpus.next()).isEmpty();
            assertThat(corpus.fraction()).isEqualTo(1);
        }
    }

    @Test
    void aTextGivesADocumentAParagraph(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("c.txt");
        Files.writeString(file, "\n\nFirst\nof two lines.\n \n\nSecond.\n");
        try (Corpus corpus = Corpus.open(file)) {
            assertThat(corpus.next()).contains(new Document("line 3", "", "First\nof two lines."));
            assertThat(corpus.next()).contains(new Document("line 7", "", "Second."));
            assertThat(corpus.next()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello|is no JSON object",
                "[1, 2]|is no JSON object",
                "{\"text\": |is no JSON object",
                "{\"title\": \"x\"}|has neither \"text\" nor \"content\" as a string",
                "{\"text\": 5}|has neither \"text\" nor \"content\" as a string"
            })
    void aLineThatIsNoDocumentIsNamed(String line, String what, @TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("c.jsonl");
        Files.writeString(file, "{\"text\": \"fine\"}\n" + line + "\n");
        try (Corpus corpus = Corpus.open(file)) {
            assertThat(corpus.next()).isPresent();
            assertThatThrownBy(corpus::next)
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            file
                                    + ", line 2, "
                                    + what
                                    + "; expected an object a line with its text, such as {\"id\":"
                                    + " \"1\", \"text\": \"It was ...\"}.");
        }
    }

    @Test
    void aCorpusThatIsNotThereOrNoTextIsRefused(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("none.jsonl");
        assertThatThrownBy(() -> Corpus.open(missing))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        missing
                                + " does not exist; give the path of a corpus, a text or JSONL"
                                + " file.");
        assertThatThrownBy(() -> Corpus.open(folder))
                .hasMessage(
                        folder + " is a folder; give the path of a corpus, a text or JSONL file.");
        Path latin = folder.resolve("latin.txt");
        Files.write(latin, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        try (Corpus corpus = Corpus.open(latin)) {
            assertThatThrownBy(corpus::next)
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(latin + " is not UTF-8 text after line 0; save it as UTF-8.");
        }
    }

    @Test
    void theBestOfEachDomainAreSelected() {
        List<DocumentScore> scores = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            scores.add(new DocumentScore("p" + i, "prose", "", 9, false, 1, 1 + i / 100.0));
        }
        for (int i = 0; i < 3; i++) {
            scores.add(new DocumentScore("c" + i, "code", "", 9, false, 1, 2 - i / 10.0));
        }
        scores.add(new DocumentScore("e", "code", "", 1, false, Double.NaN, Double.NaN));
        assertThat(InfluenceRanking.selected(scores, 0.2)).isEqualTo(Set.of(9, 8, 10));
        assertThat(InfluenceRanking.selected(scores, 1)).hasSize(13);
    }
}
