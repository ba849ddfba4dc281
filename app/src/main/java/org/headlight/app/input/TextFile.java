package org.headlight.app.input;

import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a text file, or says in one sentence why it is not one. */
public final class TextFile {
    private static final long LARGEST = 64L << 20;

    private TextFile() {}

    /**
     * The text of a UTF-8 file of at most 64 MB, with line ends as in the file.
     *
     * @throws BadInputException when it cannot be read, is larger, or is not UTF-8 text
     */
    public static String read(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "%s has %,d bytes; a text file of at most %,d bytes can be loaded.",
                                file.getFileName(),
                                size,
                                LARGEST));
            }
            byte[] bytes = Files.readAllBytes(file);
            String text = decode(file, bytes);
            if (text.indexOf('\0') >= 0) {
                throw new BadInputException(
                        file.getFileName()
                                + " is not a text file: it holds zero bytes; expected UTF-8 text.");
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (IOException e) {
            throw new BadInputException(
                    file
                            + " cannot be read ("
                            + e.getClass().getSimpleName()
                            + "); expected a text file.",
                    e);
        }
    }

    private static String decode(Path file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is not UTF-8 text: byte %,d does not belong; save it as UTF-8.",
                            file.getFileName(),
                            in.position()),
                    e);
        }
    }
}
