package org.headlight.app.open;

import org.headlight.app.command.CommandSource;
import org.headlight.engine.device.Device;
import org.headlight.engine.model.Model;
import org.headlight.engine.source.Source;

import java.nio.file.Path;

/**
 * What is open.
 *
 * @param path where it came from
 * @param source a model, which runs texts, or a capture, which has run
 */
public record Opened(Path path, Source source) {

    /** Short name for people. */
    public String name() {
        return source.name();
    }

    /** What commands name that are to do the same as the window. */
    public CommandSource commandSource() {
        return new CommandSource(path, device());
    }

    /** The device that it runs on; the processor for a capture, which is only read. */
    private Device device() {
        return source instanceof Source.ModelSource(Model model)
                ? model.device().used()
                : Device.CPU;
    }
}
