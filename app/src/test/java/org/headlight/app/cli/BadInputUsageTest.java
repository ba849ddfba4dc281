package org.headlight.app.cli;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Command lines that cannot mean anything, and inputs that cannot be run. */
class BadInputUsageTest {
    @TempDir private Path folder;
    private FailingCommand command = new FailingCommand(Path.of(""));

    @BeforeEach
    void inTheFolder() throws IOException {
        command = new FailingCommand(folder);
        Files.writeString(folder.resolve("old.png"), "stays");
    }

    private void map(int status, String sentence, String... more) {
        Stream<String> start = Stream.of("map", "demo", "--tokens", "1,5,6");
        command.fails(
                status, sentence, Stream.concat(start, Stream.of(more)).toArray(String[]::new));
    }

    private String old() {
        return folder.resolve("old.png").toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "L0H6 | There is no head L0H6: layer 0 has heads 0 to 5.",
                "L4H0 | There is no head L4H0: the layers are 0, 1, 2, 3.",
                "9.9 | There is no head L9H9: the layers are 0, 1, 2, 3.",
                "L0X1 | There is no head L0X1: there is no such attention here."
            })
    void aHeadThatIsNotThere(String head, String sentence) {
        map(3, sentence, "--head=" + head, "--out", old());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo | --head is \"foo\"; expected a number, or a name such as L3H5.",
                "-1 | --head is \"-1\"; expected a number, or a name such as L3H5.",
                "3 | --head 3 needs --layer L; or name both as L3H5."
            })
    void aHeadThatIsNone(String head, String sentence) {
        map(2, sentence, "--head=" + head, "--out", old());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1 | --layer is -1; expected a layer from 0 on.",
                "two | Invalid value for option '--layer': 'two' is not a whole number that fits;"
                        + " expected one such as 4.",
                "99999999999 | Invalid value for option '--layer': '99999999999' is not a whole"
                        + " number that fits; expected one such as 4."
            })
    void aLayerThatIsNone(String layer, String sentence) {
        map(2, sentence, "--head", "0", "--layer=" + layer, "--out", old());
    }

    @Test
    void aLayerThatIsNotThere() {
        String sentence = "There is no head L4H0: the layers are 0, 1, 2, 3.";
        map(3, sentence, "--head", "0", "--layer=4", "--out", old());
    }

    @Test
    void aLayerGivenTwiceAndDifferently() {
        map(
                2,
                "--layer 1 and --head L2H0 name different layers.",
                "--head",
                "L2H0",
                "--layer",
                "1",
                "--out",
                old());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rows | all | --rows is \"all\"; expected positions such as 0:64.",
                "--cols | 1 | --cols is \"1\"; expected positions such as 0:64.",
                "--cols | 0:-1 | --cols is \"0:-1\"; expected positions such as 0:64.",
                "--rows | 2:1 | --rows is \"2:1\"; expected positions such as 0:64.",
                "--cols | 2:2 | --cols is \"2:2\"; expected positions such as 0:64."
            })
    void rowsAndColumnsThatAreNone(String option, String range, String sentence) {
        map(2, sentence, "--head", "L0H0", option + "=" + range, "--out", old());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rows | 0:4 | --rows 0:4 do not lie in this map, which has rows 0:3; give a start"
                        + " below an end within them.",
                "--cols | 3: | --cols 3:3 do not lie in this map, which has cols 0:3; give a start"
                        + " below an end within them."
            })
    void rowsAndColumnsOutsideTheMap(String option, String range, String sentence) {
        map(3, sentence, "--head", "L0H0", option + "=" + range, "--out", old());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.gif | this version writes .png, .npy and .csv; give the file one of these"
                        + " endings.",
                "x | this version writes .png, .npy and .csv; give the file one of these endings.",
                "x.svg | this version writes .png, .npy and .csv, and not yet .svg or .pdf."
            })
    void aFileOfAnUnknownKindToWrite(String name, String sentence) {
        map(2, "--out " + name + ": " + sentence, "--head", "L0H0", "--out", name);
    }

    @Test
    void aFolderToWriteIntoThatIsNotThere() {
        for (String name : List.of("x.png", "x.npy", "x.csv")) {
            Path out = folder.resolve("none").resolve(name);
            map(
                    3,
                    out
                            + " cannot be written: the folder "
                            + folder.resolve("none")
                            + " does not exist; make it first.",
                    "--head",
                    "L0H0",
                    "--out",
                    out.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--size=15 | --size is 15; expected 16 to 16384 pixels.",
                "--size=16385 | --size is 16385; expected 16 to 16384 pixels.",
                "--size=big | Invalid value for option '--size': 'big' is not a whole number that"
                        + " fits; expected one such as 4.",
                "--pool=sum | --pool is \"sum\"; expected max or mean.",
                "--scale=cubic | --scale is \"cubic\"; expected linear, log or percentile.",
                "--text=x | Only one input can be run at a time: give one of --text, --text-file,"
                        + " --tokens and --tokens-file.",
                "--colour=red | Unknown option: '--colour=red'"
            })
    void optionsThatMeanNothing(String option, String sentence) {
        map(2, sentence, "--head", "L0H0", "--out", old(), option);
    }

    /** 100,000 threads once kept the machine busy until it was switched off. */
    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 100_000, Integer.MAX_VALUE})
    void threadsThatNobodyHas(int more) {
        int most = 4 * Runtime.getRuntime().availableProcessors();
        int threads = more == 1 ? most + 1 : more;
        String sentence =
                "--threads is "
                        + threads
                        + "; expected 1 to "
                        + most
                        + " on this machine, four a processor.";
        String option = "--threads=" + threads;
        map(2, sentence, "--head", "L0H0", "--out", old(), option);
        command.fails(2, sentence, "inspect", "demo", option);
        command.fails(2, sentence, "heads", "demo", option);
        command.fails(2, sentence, "demo/", option);
    }

    @Test
    void namesThatAreEmpty() {
        String empty = "the name is empty; expected the path of a file or a folder.";
        String source = "Invalid value for positional parameter at index 0 (SOURCE): " + empty;
        command.fails(2, source, "inspect", "");
        command.fails(2, source, "");
        for (String option : List.of("--text-file", "--tokens-file")) {
            command.fails(
                    2,
                    "Invalid value for option '" + option + "': " + empty,
                    "heads",
                    "demo",
                    option,
                    "");
        }
        command.fails(
                2, "Invalid value for option '--out': " + empty, "capture", "demo", "--out", "");
    }

    @Test
    void aGalleryThatWouldTakeThePlaceOfAFile() throws IOException {
        Path old = Path.of(old());
        command.fails(
                3,
                old + " is there already and is no folder; choose another name.",
                "demo",
                "--out",
                old());
        Path below = old.resolve("gallery");
        command.fails(
                3,
                "the folder "
                        + below
                        + " cannot be made ("
                        + old
                        + " is a file); choose another place.",
                "demo",
                "--out",
                below.toString());
    }

    @Test
    void optionsThatAreMissing() {
        command.fails(2, "Missing required options: '--head=H', '--out=FILE'", "map", "demo");
        command.fails(2, "Missing required option: '--out=FILE'", "capture", "demo");
        command.fails(2, "Missing required parameter: 'SOURCE'", "inspect");
    }

    @Test
    void aCommandThatIsNone() {
        command.fails(
                3,
                "maps is neither a command nor a file or folder; headlight --help lists the"
                        + " commands and what can be opened.",
                "maps");
    }

    @Test
    void aSourceThatIsNotThere() {
        Path none = folder.resolve("none.onnx");
        command.isRefused(
                none,
                none
                        + " does not exist; expected a model folder, an .onnx file, or a capture or"
                        + " dump (.safetensors, .npy, .npz).");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,5,1024 | Token 1024 at position 2 is outside the vocabulary of tokenizer.json;"
                        + " use ids from 0 to 1023.",
                "-1 | Token -1 at position 0 is outside the vocabulary of tokenizer.json; use ids"
                        + " from 0 to 1023.",
                "1,2147483647 | Token 2147483647 at position 1 is outside the vocabulary of"
                        + " tokenizer.json; use ids from 0 to 1023."
            })
    void tokensOutsideTheVocabulary(String ids, String sentence) throws IOException {
        String file = Files.writeString(folder.resolve("ids"), ids).toString();
        String out = folder.resolve("new.safetensors").toString();
        command.fails(3, sentence, "capture", "demo", "--tokens=" + ids, "--out", out);
        command.fails(3, sentence, "capture", "demo", "--tokens-file", file, "--out", out);
        command.fails(3, sentence, "heads", "demo", "--json", "--tokens=" + ids);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,x | \"x\" at position 1 is not a token id; expected whole numbers such as"
                        + " 1,2,3.",
                "1.5 | \"1.5\" at position 0 is not a token id; expected whole numbers such as"
                        + " 1,2,3.",
                "1,,2 | there is no token id at position 1; expected whole numbers such as 1,2,3.",
                "'1, ,2' | there is no token id at position 1; expected whole numbers such as"
                        + " 1,2,3.",
                "'1 2,' | there is no token id at position 2; expected whole numbers such as"
                        + " 1,2,3.",
                "',1' | there is no token id at position 0; expected whole numbers such as 1,2,3.",
                "'' | there are no token ids; expected whole numbers such as 1,2,3."
            })
    void tokensThatAreNoNumbers(String ids, String sentence) throws IOException {
        Path file = Files.writeString(folder.resolve("ids"), ids);
        command.fails(3, file + ": " + sentence, "heads", "demo", "--tokens-file", "" + file);
        command.fails(2, "--tokens: " + sentence, "heads", "demo", "--tokens=" + ids);
    }

    @Test
    void textsThatCannotBeRead() throws IOException {
        for (String option : List.of("--text-file", "--tokens-file")) {
            Path none = folder.resolve("none.txt");
            command.fails(
                    3,
                    none + " does not exist; give the path of a text file.",
                    "heads",
                    "demo",
                    option,
                    none.toString());
            command.fails(
                    3,
                    folder + " is a folder; give the path of a text file.",
                    "heads",
                    "demo",
                    option,
                    folder.toString());
            Path latin = folder.resolve("latin.txt");
            Files.write(latin, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
            command.fails(
                    3,
                    latin + " is not UTF-8 text; save it as UTF-8.",
                    "heads",
                    "demo",
                    option,
                    latin.toString());
        }
    }

    @Test
    void aTextWithoutAnything() throws IOException {
        String sentence = "The text is empty: it has no tokens to run; give at least one word.";
        Path empty = Files.createFile(folder.resolve("empty.txt"));
        command.fails(3, sentence, "heads", "demo", "--text", "");
        command.fails(3, sentence, "heads", "demo", "--text-file", empty.toString());
    }
}
