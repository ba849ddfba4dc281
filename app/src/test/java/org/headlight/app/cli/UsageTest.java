package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.assets.Assets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

/** What is wrong usage, what is bad input, and which of several faults is said first. */
class UsageTest {
    private static final Path SPEECH = Path.of("../../shared/models/moonshine-tiny");

    @TempDir private Path folder;

    private static CommandRun run(String line) {
        return CommandRun.of(line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sinks demo --epsilon 2|The epsilon of the sink rate is 2.0; expected a share from"
                        + " 0 to below 1, such as 0.3.",
                "sinks demo --threshold -1|The threshold of sinks is -1.0; expected a share from 0"
                        + " to below 1, such as 0.3.",
                "sinks demo --min-queries 0|The least number of queries is 0; expected at least 1.",
                "sinks demo --calibrate act-code --beta 2|Beta is 2.0; expected what is left of a"
                        + " sink, from 0 to 1.",
                "sinks demo --calibrate act-paper --alpha 0|The alpha of the calibration is 0.0;"
                        + " expected a number above 0, such as 5.",
                "sinks demo --evict --window 0|A cache of 0 keys cannot keep the first 1; expected"
                        + " at least 1 first key, and a window larger than that.",
                "sinks demo --evict --first 0|A cache of 512 keys cannot keep the first 0; expected"
                        + " at least 1 first key, and a window larger than that.",
                "sinks demo --prompts haystack --most 0|The number of prompts is 0; expected at"
                        + " least 1.",
                "retrieval demo --depths 200|A depth is 200.0; expected a percentage from 0 to"
                        + " 100.",
                "heads demo --cut 2|--cut and --epsilon must be from 0 to 1.",
                "heads demo --rollout --position -1|--position is -1; expected a position from 0"
                        + " on.",
                "rhythm demo --window 0|The window W is 0; expected a whole number of tokens from"
                        + " 1.",
                "rhythm demo --response-from -1|--response-from is -1; expected a position from 0"
                        + " on.",
                "rhythm demo --max-tokens 0|The response is to have 0 tokens; expected at least 1.",
                "rhythm demo --max-tokens 5 --temperature -1|The temperature is -1.0; expected a"
                        + " number from 0 (the most probable token) upwards, such as 0.8.",
                "xattention demo --threshold 1.5|A threshold of 1.5 makes no sense; give a share"
                        + " above 0 and up to 1, such as 0.9.",
                "sparse demo --policy quest --layer -1|--layer is -1; expected a layer from 0 on.",
                "sparse demo --policy quest --needle=|The needle \"\" is not in the text; give"
                        + " words as they stand there."
            })
    void aValueThatCouldNeverBeRightIsWrongUsage(String line, String sentence) {
        run(line).assertFailed(2, sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "map demo --head L9H0 --out x.npy|There is no head L9H0: the layers are 0, 1, 2,"
                        + " 3.",
                "sparse demo --policy quest@L9|There is no L9 in {demo}: its layers with"
                        + " self-attention are 0, 1, 2, 3.",
                "sinks demo --calibrate act-code --heads L9H9|{demo} has no head L9H9 of"
                    + " self-attention to calibrate; headlight inspect lists its layers and heads.",
                "influence demo --heads L9H4|{demo} has no self-attention head L9H4; headlight"
                        + " inspect lists what there is.",
                "heads demo --tokens 1,2 --rollout --position 2|There is no position 2 to follow;"
                        + " the text has tokens 0 to 1."
            })
    void aHeadOrAPositionThatThisSourceHasNotIsBadInput(String line, String sentence) {
        String demo = String.valueOf(new Assets().demoModelFolder().getFileName());
        run(line).assertFailed(3, sentence.replace("{demo}", demo));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "heads demo --seed 3|--seed belongs to --probe; give that too.",
                "heads demo --cut 0.2|--cut belongs to --json; give that too.",
                "heads demo --rollout --cut 0.2 --json|--cut does nothing beside --rollout and"
                        + " --flow; leave it out.",
                "sinks demo --heads L1H1|--heads belongs to --calibrate; give that too.",
                "sinks demo --beta 0.4 --answer 3|--beta and --answer belong to --calibrate; give"
                        + " that too.",
                "sinks demo --calibrate act-code --alpha 5|--alpha belongs to --calibrate"
                        + " act-paper; give that too.",
                "sinks demo --most 3|--most belongs to --prompts; give that too.",
                "sinks demo --pieces --length 64|--length and --pieces belong to --prompts; give"
                        + " that too.",
                "generate demo --top-k 5 --temperature 0|--top-k and --top-p say what is drawn"
                        + " from, and --temperature 0 draws nothing; give a temperature above 0,"
                        + " such as 0.8, or leave out one of them.",
                "generate demo --seed 7|--seed belongs to --temperature, --top-k and --top-p; give"
                        + " one of these too.",
                "rhythm demo --temperature 0.8 --seed 1|--temperature and --seed belong to"
                        + " --max-tokens; give that too.",
                "rhythm demo --max-tokens 5 --seed 1|--seed belongs to --temperature; give that"
                        + " too.",
                "xattention demo --seed 1|--seed belongs to --variant random; give that too.",
                "xattention demo --chunk 256|--chunk belongs to --select reference; give that too.",
                "xattention demo --masks|--masks belongs to --json; give that too.",
                "xattention demo --profile --threshold 0.8|--threshold does nothing beside"
                        + " --profile; leave it out.",
                "influence demo --heads L1H4 --samples 5 --seed 1|--samples and --seed do nothing"
                        + " beside --heads, which names the heads; leave them out.",
                "retrieval demo --mask-phase all|--mask-phase belongs to --mask; give that too.",
                "retrieval demo --mask top:3 --seed 1|--seed belongs to --mask random:K; give that"
                        + " too.",
                "retrieval demo --evidence|--evidence belongs to --json; give that too.",
                "sparse demo --policy quest@L1 --layer 2|--layer does nothing where every policy"
                        + " names its own heads; leave it out.",
                "frontier demo --policies quest --out t.csv --log cost|--log belongs to --plot;"
                        + " give that too.",
                "map demo --head L0H0 --out x.csv --size 300 --scale log|--size and --scale do"
                        + " nothing in a file of numbers, .csv; leave them out.",
                "demo/ --text a --text-file b|Only one input can be run at a time: give one of"
                        + " --text and --text-file.",
                "bench map --dims 64|--dims does nothing in bench map; leave it out.",
                "bench sparse --forks 2|--forks does nothing in bench sparse; leave it out."
            })
    void anOptionThatWouldDoNothingIsWrongUsage(String line, String sentence) {
        run(line).assertFailed(2, sentence);
    }

    /** What commands copied from the window say, and what scripts give with all their options. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sinks demo --tokens 1,5,6 --epsilon 0.3 --threshold 0.1 --min-queries 1",
                "sinks demo --epsilon 0.3 --threshold 0.1 --min-queries 1 --prompts haystack"
                        + " --length 16 --most 2",
                "xattention demo --tokens 1,5,6 --block 64 --stride 8 --threshold 0.9 --select"
                        + " reference --variant diagonal",
                "sparse demo --tokens 1,5,6,7 --policy quest@L1 --policy quest --set quest.page=16"
                        + " --prompt-tokens 2",
                "generate demo --tokens 1,5 --max-tokens 1 --temperature 0 --top-k 0 --top-p 1"
                        + " --seed 7"
            })
    void optionsThatGoTogetherRun(String line) {
        CommandRun result = run(line);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    /** Its folder has no tokenizer either, but no tokens would help. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "heads SPEECH --text hi",
                "heads SPEECH --tokens 1,2,3",
                "heads SPEECH",
                "sinks SPEECH --text hi",
                "sinks SPEECH --prompts haystack",
                "rhythm SPEECH --text hi",
                "xattention SPEECH --text hi",
                "sparse SPEECH --text hi --policy quest",
                "map SPEECH --text hi --head L0H0 --out x.npy"
            })
    void whatAModelNeedsIsSaidBeforeHowTokensAreGiven(String line) {
        Assumptions.assumeTrue(Files.isDirectory(SPEECH), SPEECH + " is not beside the repository");
        run(line.replace("SPEECH", SPEECH.toString()))
                .assertFailed(
                        3,
                        "decoder_model_merged.onnx needs encoder_hidden_states, which tokens cannot"
                                + " give; open a model that reads text.");
    }

    @Test
    void aModelThatCannotWriteIsSaidBeforeItsText() {
        Assumptions.assumeTrue(Files.isDirectory(SPEECH), SPEECH + " is not beside the repository");
        run("rhythm " + SPEECH + " --text hi --max-tokens 3")
                .assertFailed(
                        3,
                        "decoder_model_merged.onnx cannot write text: it needs"
                                + " encoder_hidden_states, which tokens cannot give; open a decoder"
                                + " that reads text alone.");
    }

    @Test
    void aSourceThatDocumentsAreOfNoUseToIsRefusedBeforeTheyAreAskedFor() {
        Path capture = folder.resolve("c.safetensors");
        CommandRun.of("capture", "demo", "--tokens", "1,2,3", "--out", capture.toString());
        run("influence " + capture)
                .assertFailed(
                        3,
                        capture
                                + " is a capture or dump, which cannot be run on documents; open a"
                                + " model.");
        Assumptions.assumeTrue(Files.isDirectory(SPEECH), SPEECH + " is not beside the repository");
        run("influence " + SPEECH)
                .assertFailed(
                        3,
                        "AttentionInfluence compares losses of next tokens, which only a decoder"
                                + " has. decoder_model_merged.onnx cannot write text: it needs"
                                + " encoder_hidden_states, which tokens cannot give; open a decoder"
                                + " that reads text alone.");
    }
}
