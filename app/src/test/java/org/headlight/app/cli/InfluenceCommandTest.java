package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.headlight.assets.Assets;
import org.headlight.engine.device.DeviceSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** {@code headlight influence} as a user gives it. */
class InfluenceCommandTest {
    @TempDir private Path folder;

    private static CommandRun run(String... args) {
        return CommandRun.of(
                Stream.concat(Stream.of("influence"), Stream.of(args)).toArray(String[]::new));
    }

    private Path corpus(String text) throws IOException {
        return Files.writeString(folder.resolve("corpus.jsonl"), text);
    }

    @Test
    void documentsThatAreCopiedNeedTheHeadThatCopies() throws IOException {
        Path file =
                corpus(
                        """
                        {"id": "words", "domain": "a", "text": "owl key fox ink owl key fox ink owl key fox ink owl key fox ink"}
                        {"id": "prose", "domain": "a", "text": "The harbor was quiet that morning and the gulls walked on the mud."}
                        {"id": "empty", "text": ""}
                        """);
        CommandRun result = run("demo", "--corpus", file.toString(), "--heads", "L1H4", "--json");
        assertThat(result.status()).isZero();
        JsonObject json = result.json();
        assertThat(json.getAsJsonArray("headsMasked").get(0).getAsString()).isEqualTo("L1H4");
        assertThat(json.get("complete").getAsBoolean()).isTrue();
        JsonArray documents = json.getAsJsonArray("documents");
        assertThat(documents).hasSize(3);
        JsonObject words = documents.get(0).getAsJsonObject();
        JsonObject prose = documents.get(1).getAsJsonObject();
        assertThat(words.get("id").getAsString()).isEqualTo("words");
        double base = words.get("lossBase").getAsDouble();
        double masked = words.get("lossMasked").getAsDouble();
        assertThat(words.get("score").getAsDouble()).isEqualTo((masked - base) / base);
        assertThat(words.get("score").getAsDouble())
                .isGreaterThan(prose.get("score").getAsDouble() + 0.05);
        assertThat(words.get("selected").getAsBoolean()).isTrue();
        assertThat(prose.get("selected").getAsBoolean()).isFalse();
        assertThat(documents.get(2).getAsJsonObject().get("lossBase").isJsonNull()).isTrue();
    }

    @Test
    void importantHeadsAreFoundAndNamed() throws IOException {
        Path file = corpus("{\"text\": \"owl key fox owl key fox\"}\n");
        JsonObject json =
                run(
                                "demo",
                                "--corpus",
                                file.toString(),
                                "--samples",
                                "3",
                                "--task-context",
                                "512",
                                "--key-length",
                                "6",
                                "--head-share",
                                "0.1",
                                "--json")
                        .json();
        JsonObject search = json.getAsJsonObject("search");
        assertThat(search.get("samples").getAsInt()).isEqualTo(3);
        assertThat(search.get("context").getAsInt()).isEqualTo(512);
        assertThat(search.getAsJsonArray("heads")).hasSize(24);
        assertThat(json.getAsJsonArray("headsMasked")).hasSize(2);
    }

    @Test
    void cancellingKeepsTheDocumentsThatAreDone() throws IOException {
        Path file = corpus("{\"text\": \"one two three\"}\n".repeat(2000));
        Interrupt interrupt = new Interrupt();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream err =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
                        if (text.contains("Reading document") && !text.contains("document 1 ")) {
                            interrupt.ask();
                        }
                    }
                };
        int status =
                Headlight.run(
                        Stream.of(
                                        "influence",
                                        "demo",
                                        "--corpus",
                                        file.toString(),
                                        "--heads",
                                        "L1H4",
                                        "--json",
                                        "--progress")
                                .toList(),
                        new CommandContext(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8),
                                true,
                                Map.of(),
                                interrupt,
                                DeviceSetup::ofProcess,
                                request -> {
                                    throw new AssertionError("no window was asked for");
                                }));
        assertThat(status).isEqualTo(130);
        JsonObject json =
                JsonParser.parseString(out.toString(StandardCharsets.UTF_8)).getAsJsonObject();
        assertThat(json.get("complete").getAsBoolean()).isFalse();
        assertThat(json.getAsJsonArray("documents").size()).isBetween(1, 1999);
    }

    @Test
    void aModelWithoutACorpusIsToldWhatItNeeds() {
        CommandRun result = run(new Assets().demoModelFolder().toString());
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .startsWith(
                        "influence needs documents: give it --corpus FILE, a text or JSONL file.");
    }

    @Test
    void aHeadThatIsNotThereIsBadInput() throws IOException {
        Path file = corpus("{\"text\": \"one\"}\n");
        CommandRun result = run("demo", "--corpus", file.toString(), "--heads", "L9H0");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .endsWith(
                        " has no self-attention head L9H0; headlight inspect lists what there"
                                + " is.\n");
    }

    @Test
    void aCorpusWithoutDocumentsIsBadInput() throws IOException {
        Path file = corpus("\n\n");
        CommandRun result = run("demo", "--corpus", file.toString(), "--heads", "L1H4");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .isEqualTo(file + " has no documents; give a text or a JSONL file with some.\n");
    }
}
