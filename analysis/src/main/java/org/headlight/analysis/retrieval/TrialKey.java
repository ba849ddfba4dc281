package org.headlight.analysis.retrieval;

import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.ModelInfo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names trials by everything that they depend on. */
final class TrialKey {
    /** Changes when the same trial would be written down differently. */
    private static final String VERSION = "1";

    private static final int LENGTH = 32;

    /** Files that may hold weights. */
    private static final long LARGE = 1 << 20;

    private final String model;
    private final TrialSettings settings;

    TrialKey(ModelInfo model, TrialSettings settings) {
        this.model = identity(model);
        this.settings = settings;
    }

    /** The graph's hash, and size and time of the files beside it that may hold its weights. */
    private static String identity(ModelInfo model) {
        Path folder = model.file().toAbsolutePath().getParent();
        String weights = model.file().toString();
        if (folder != null && Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                weights =
                        files.filter(Files::isRegularFile)
                                .sorted()
                                .map(TrialKey::stamp)
                                .collect(Collectors.joining("|"));
            } catch (IOException e) {
                weights = folder.toString();
            }
        }
        return model.hash() + "|" + weights;
    }

    private static String stamp(Path file) {
        try {
            long size = Files.size(file);
            return size < LARGE
                    ? ""
                    : file.getFileName() + ":" + size + ":" + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return String.valueOf(file.getFileName());
        }
    }

    String of(TrialCase which, NeedlePrompt prompt) {
        return "trial-" + digest(text(which, prompt));
    }

    String of(TrialCase which, NeedlePrompt prompt, HeadMask mask, MaskPhase phase) {
        String heads =
                mask.heads().stream().map(TrialKey::name).sorted().collect(Collectors.joining(","));
        return "masked-" + digest(text(which, prompt) + "\n" + heads + "\n" + phase.key());
    }

    private static String name(HeadAddress head) {
        return head.layer() + "." + head.head();
    }

    private String text(TrialCase which, NeedlePrompt prompt) {
        return String.join(
                "\n",
                VERSION,
                model,
                which.needle().toString(),
                which.length() + " " + which.depth(),
                prompt.tokens().stream()
                        .map(token -> Integer.toString(token.id()))
                        .collect(Collectors.joining(",")),
                prompt.needleStart() + " " + prompt.needleEnd(),
                settings.maxTokens() + " " + settings.topK());
    }

    private static String digest(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
