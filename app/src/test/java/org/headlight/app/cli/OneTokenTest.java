package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text of one token through the commands. */
class OneTokenTest {
    @TempDir private Path folder;

    private String capture() {
        String file = folder.resolve("one.safetensors").toString();
        CommandRun run = CommandRun.of("capture", "demo", "--tokens", "5", "--out", file);
        assertThat(run.status()).isZero();
        return file;
    }

    @Test
    void aCaptureOfADecoderSaysCausal() throws IOException {
        Path file = Path.of(capture());
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        assertThat(new String(bytes, 8, length, StandardCharsets.UTF_8))
                .contains("\"causal\":\"true\"");
        JsonObject json = CommandRun.of("inspect", file.toString(), "--json").json();
        assertThat(json.getAsJsonArray("sites"))
                .hasSize(4)
                .allMatch(site -> site.getAsJsonObject().get("causal").getAsBoolean());
    }

    /** WAAD is how far the attention reaches back: one token reaches 0. */
    private static void assertRhythmOfOne(String... source) {
        JsonObject json = CommandRun.of(source).json();
        assertThat(json.getAsJsonArray("tokens")).hasSize(1);
        JsonObject token = json.getAsJsonArray("tokens").get(0).getAsJsonObject();
        assertThat(token.get("waad").getAsDouble()).isZero();
        assertThat(token.get("fai").isJsonNull()).isTrue();
        assertThat(json.getAsJsonArray("notes").asList())
                .extracting(JsonElement::getAsString)
                .contains(
                        "The response has 1 token and the horizon 10:50 begins after 10, so no"
                                + " token of it has an FAI; take a longer response or a nearer"
                                + " horizon.");
    }

    @Test
    void rhythmSaysWhatIsTooShort() {
        assertRhythmOfOne("rhythm", "demo", "--tokens", "5", "--json");
        assertRhythmOfOne("rhythm", capture(), "--json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heads",
                "sinks",
                "xattention",
                "sparse --policy streaming",
                "sparse --policy xattention",
                "sparse --policy quest"
            })
    void everyOtherAnalysisOfATextHasAResult(String command) {
        String[] words = (command + " demo --tokens 5").split(" ");
        CommandRun run = CommandRun.of(words);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }
}
