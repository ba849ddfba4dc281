package org.headlight.app.cli.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** PyTorch's flash attention on the same GPU, where python3 has PyTorch. */
public final class TorchRival {
    /** Milliseconds of one call; empty where it cannot be measured. */
    public Optional<JsonObject> measure(int tokens, int heads, int keyHeads, int width) {
        List<String> command =
                List.of(
                        "python3",
                        "-",
                        Integer.toString(tokens),
                        Integer.toString(heads),
                        Integer.toString(keyHeads),
                        Integer.toString(width));
        try (InputStream script = TorchRival.class.getResourceAsStream("torch_rival.py")) {
            if (script == null) {
                throw new IllegalStateException("torch_rival.py is not in the program");
            }
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (var in = process.getOutputStream()) {
                in.write(script.readAllBytes());
            }
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0
                    ? Optional.of(JsonParser.parseString(out).getAsJsonObject())
                    : Optional.empty();
        } catch (IOException | JsonParseException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
