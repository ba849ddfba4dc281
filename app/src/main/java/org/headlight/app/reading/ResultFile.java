package org.headlight.app.reading;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;

import org.headlight.engine.task.Progress;
import org.headlight.engine.task.WholeFile;
import org.headlight.viz.export.Figure;
import org.headlight.viz.export.PngWriter;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A result that can be written to a file.
 *
 * @param name proposed for the file, without its ending, such as "sinks-L2H1"
 * @param format what is written
 * @param content makes and writes it, whole or not at all; called on a background thread
 */
public record ResultFile(String name, ResultFormat format, Content content) {

    /** Writes a result. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes the file whole or not at all.
         *
         * @throws org.headlight.engine.problem.Problem when it cannot be written
         */
        void write(Path target, Progress progress);
    }

    /** A picture; {@code figure} is asked on a background thread. */
    public static ResultFile png(String name, Supplier<Figure> figure) {
        return new ResultFile(
                name,
                ResultFormat.PNG,
                (target, progress) -> {
                    Figure drawn = figure.get();
                    progress.check();
                    new PngWriter().write(drawn, target);
                });
    }

    /** A table; {@code table} is asked on a background thread. */
    public static ResultFile csv(String name, Supplier<CsvTable> table) {
        return new ResultFile(
                name,
                ResultFormat.CSV,
                (target, progress) -> writeText(target, table.get().text()));
    }

    /** The JSON of the command line; {@code json} is asked on a background thread. */
    public static ResultFile json(String name, Supplier<JsonElement> json) {
        return new ResultFile(
                name,
                ResultFormat.JSON,
                (target, progress) -> {
                    Gson gson = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
                    writeText(target, gson.toJson(json.get()) + "\n");
                });
    }

    private static void writeText(Path target, String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        WholeFile.write(
                target,
                (FileChannel out) -> {
                    while (bytes.hasRemaining()) {
                        out.write(bytes);
                    }
                });
    }
}
