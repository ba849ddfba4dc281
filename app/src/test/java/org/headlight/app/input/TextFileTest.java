package org.headlight.app.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.model.MemoryNeed;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class TextFileTest {
    @TempDir Path folder;

    @Test
    void aFileThatIsNotUtf8SaysWhere() throws IOException {
        Path file = Files.write(folder.resolve("a.txt"), new byte[] {'a', 'b', (byte) 0xff});
        assertThatThrownBy(() -> TextFile.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage("a.txt is not UTF-8 text: byte 2 does not belong; save it as UTF-8.");
    }

    @Test
    void aBinaryFileIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("b.txt"), new byte[] {'a', 0, 'b'});
        assertThatThrownBy(() -> TextFile.read(file))
                .hasMessage("b.txt is not a text file: it holds zero bytes; expected UTF-8 text.");
    }

    @Test
    void aByteOrderMarkIsNotText() throws IOException {
        Path file = Files.writeString(folder.resolve("c.txt"), "\uFEFFhe\u00e9\n");
        assertThat(TextFile.read(file)).isEqualTo("he\u00e9\n");
    }

    @Test
    void whatDoesNotFitIsSaidWithItsNumbers() {
        assertThat(
                        Need.tooLarge(
                                new MemoryNeed(
                                        48_000,
                                        12_300_000_000L,
                                        1_000_000_000L,
                                        6_100_000_000L,
                                        MemoryNeed.Room.unused(),
                                        MemoryNeed.Room.unused(),
                                        21_504,
                                        MemoryNeed.Feeding.WHOLE)))
                .isEqualTo(
                        "48\u2009000 tokens would need 13.3 GB (12.3 GB to run, 1.00 GB for the"
                            + " capture) and 6.10 GB are free; the longest that fits is 21\u2009504"
                            + " tokens.");
    }

    @Test
    void aMaskThatDoesNotFitIntoTheHeapIsSaidWithItsNumbers() {
        assertThat(
                        Need.tooLarge(
                                new MemoryNeed(
                                        9_000,
                                        10L,
                                        20L,
                                        30L,
                                        new MemoryNeed.Room(810_000_000L, 500_000_000L),
                                        MemoryNeed.Room.unused(),
                                        7_071,
                                        MemoryNeed.Feeding.CHUNKS)))
                .isEqualTo(
                        "9\u2009000 tokens would need 810 MB of Java heap for the mask, and 500 MB"
                                + " are free; the longest that fits is 7\u2009071 tokens.");
    }

    @Test
    void whatDoesNotFitOnTheDeviceIsSaidWithTheNumbersOfTheDevice() {
        assertThat(
                        Need.tooLarge(
                                new MemoryNeed(
                                        9_000,
                                        10L,
                                        20L,
                                        30L,
                                        new MemoryNeed.Room(1, 2),
                                        new MemoryNeed.Room(81_000_000_000L, 60_500_000_000L),
                                        7_071,
                                        MemoryNeed.Feeding.WHOLE)))
                .isEqualTo(
                        "9\u2009000 tokens would need 81.0 GB of memory on the CUDA device, and"
                            + " 60.5 GB are free there; the longest that fits is 7\u2009071 tokens."
                            + " Choose the CPU in the settings for more.");
    }
}
