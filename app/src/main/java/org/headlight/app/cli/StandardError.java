package org.headlight.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * Where messages for people go. The launch script may hand the real standard error over under
 * another number ({@code -Dheadlight.stderr=3}), because the virtual machine itself writes a line
 * about incubator modules to number 2 at each start, and no option of it turns that off.
 */
public final class StandardError {
    private final Properties properties;

    public StandardError(Properties properties) {
        this.properties = properties;
    }

    /** The stream; UTF-8, flushed at each line. */
    public PrintStream stream() {
        return new PrintStream(new FileOutputStream(descriptor()), true, StandardCharsets.UTF_8);
    }

    private FileDescriptor descriptor() {
        Integer number = Integer.getInteger("headlight.stderr");
        if (number == null || properties.getProperty("headlight.stderr") == null) {
            return FileDescriptor.err;
        }
        try {
            Constructor<FileDescriptor> constructor =
                    FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(number);
        } catch (ReflectiveOperationException | java.lang.reflect.InaccessibleObjectException e) {
            return FileDescriptor.err;
        }
    }
}
