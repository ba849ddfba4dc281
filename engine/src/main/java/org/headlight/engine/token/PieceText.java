package org.headlight.engine.token;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How the pieces of a vocabulary stand for text. */
enum PieceText {
    /** Each char of a piece stands for a byte, as in GPT-2. */
    BYTE_LEVEL {
        @Override
        String text(String piece, String prefix) {
            byte[] bytes = new byte[piece.length()];
            for (int i = 0; i < bytes.length; i++) {
                int b = byteOf(piece.charAt(i));
                if (b < 0) {
                    return piece;
                }
                bytes[i] = (byte) b;
            }
            return decode(bytes);
        }
    },
    /** U+2581 stands for a space, {@code <0x0A>} for a byte, as in SentencePiece. */
    METASPACE {
        @Override
        String text(String piece, String prefix) {
            int b = fallbackByte(piece);
            if (b >= 0) {
                return decode(new byte[] {(byte) b});
            }
            return piece.replace('\u2581', ' ');
        }
    },
    /** Pieces inside a word carry a prefix, as in WordPiece. */
    PLAIN {
        @Override
        String text(String piece, String prefix) {
            boolean inside = !prefix.isEmpty() && piece.length() > prefix.length();
            return inside && piece.startsWith(prefix) ? piece.substring(prefix.length()) : piece;
        }
    };

    /**
     * The text of a piece; bytes that are no text are escaped.
     *
     * @param prefix what marks pieces inside a word; may be empty
     */
    abstract String text(String piece, String prefix);

    /** The byte of a byte-fallback piece such as {@code <0xE2>}; -1 for any other piece. */
    static int fallbackByte(String piece) {
        if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
            return -1;
        }
        int high = Character.digit(piece.charAt(3), 16);
        int low = Character.digit(piece.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    /** The byte that a char stands for in GPT-2's alphabet; -1 when it is none of it. */
    private static int byteOf(char c) {
        if (printable(c)) {
            return c;
        }
        int wanted = c - 256;
        if (wanted < 0 || wanted > 67) {
            return -1;
        }
        for (int b = 0, seen = 0; b < 256; b++) {
            if (!printable(b) && seen++ == wanted) {
                return b;
            }
        }
        return -1;
    }

    private static boolean printable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
    }

    /** UTF-8, with each byte that is no text escaped as {@code <0xE2>}. */
    private static String decode(byte[] bytes) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        StringBuilder text = new StringBuilder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        while (in.hasRemaining()) {
            boolean malformed = decoder.reset().decode(in, out, true).isError();
            text.append(out.flip());
            out.clear();
            if (malformed) {
                text.append(String.format(Locale.ROOT, "<0x%02X>", in.get() & 0xFF));
            }
        }
        return text.toString();
    }
}
