package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class StandardOutputTest {
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(words, true, StandardCharsets.UTF_8);

    /** Takes four bytes, then fails for a reason. */
    private static StandardOutput failing(String why) {
        return new StandardOutput(
                new OutputStream() {
                    private int taken;

                    @Override
                    public void write(int one) throws IOException {
                        if (++taken > 4) {
                            throw new IOException(why);
                        }
                    }
                });
    }

    private String said() {
        return words.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void whatIsPrintedArrivesInUtf8() {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(target);
        output.stream().print("\u00e9\u2192");
        assertThat(output.exitStatus(0, err)).isZero();
        assertThat(target.toByteArray()).containsExactly(0xc3, 0xa9, 0xe2, 0x86, 0x92);
        assertThat(said()).isEmpty();
    }

    @Test
    void aResultThatDidNotFitIsNoSuccess() {
        StandardOutput output = failing("No space left on device");
        output.stream().println("{\"heads\": []}");
        assertThat(output.exitStatus(0, err)).isEqualTo(3);
        assertThat(said())
                .isEqualTo(
                        "The result could not be written to standard output (No space left on"
                                + " device), and what is there is not whole; make room, or send it"
                                + " elsewhere.");
    }

    @Test
    void aReaderThatHasReadEnoughIsNoFailure() {
        StandardOutput output = failing("Broken pipe");
        output.stream().println("one two three");
        assertThat(output.exitStatus(0, err)).isZero();
        assertThat(said()).isEmpty();
    }

    @Test
    void aFailureOfTheWorkIsNotToldTwice() {
        StandardOutput output = failing("No space left on device");
        output.stream().println("one two three");
        assertThat(output.exitStatus(130, err)).isEqualTo(130);
        assertThat(said()).isEmpty();
    }
}
