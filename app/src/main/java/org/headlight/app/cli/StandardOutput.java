package org.headlight.app.cli;

import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Where results go. A print stream hides that it could not write; this remembers why. */
public final class StandardOutput {
    private final PrintStream stream;
    private volatile @Nullable IOException failure;

    public StandardOutput(OutputStream target) {
        stream = new PrintStream(new Watched(target), true, StandardCharsets.UTF_8);
    }

    /** The stream; UTF-8, flushed at each line. */
    public PrintStream stream() {
        return stream;
    }

    /**
     * The exit status of the process, given that of the work, when everything is printed. A reader
     * that has read enough, such as {@code head}, is no failure.
     *
     * @param err takes a sentence when results were lost
     */
    public int exitStatus(int work, PrintStream err) {
        stream.flush();
        IOException lost = failure;
        String why = lost == null ? "" : String.valueOf(lost.getMessage());
        if (lost == null || work != 0 || why.toLowerCase(Locale.ROOT).contains("pipe")) {
            return work;
        }
        BadInputException problem =
                new BadInputException(
                        "The result could not be written to standard output ("
                                + why
                                + "), and what is there is not whole; make room, or send it"
                                + " elsewhere.");
        err.println(problem.getMessage());
        return problem.exitStatus();
    }

    private final class Watched extends FilterOutputStream {
        Watched(OutputStream target) {
            super(target);
        }

        private IOException seen(IOException thrown) {
            if (failure == null) {
                failure = thrown;
            }
            return thrown;
        }

        @Override
        public void write(int one) throws IOException {
            try {
                out.write(one);
            } catch (IOException e) {
                throw seen(e);
            }
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                out.write(bytes, from, count);
            } catch (IOException e) {
                throw seen(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                throw seen(e);
            }
        }
    }
}
