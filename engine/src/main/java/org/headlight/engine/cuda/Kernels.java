package org.headlight.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Kernels that have been compiled and loaded, each at its first use. */
final class Kernels implements AutoCloseable {
    private final GpuDriver driver;
    private final KernelCompiler compiler;
    private final Map<Unit, Long> modules = new HashMap<>();
    private final Map<Entry, Loaded> kernels = new HashMap<>();

    /** What is compiled at once. */
    private record Unit(List<String> files, List<String> macros) {}

    private record Entry(Unit unit, String function) {}

    /** A kernel, and the most shared memory that the driver lets it have. */
    private record Loaded(long kernel, int sharedBytes) {}

    Kernels(GpuDriver driver, KernelCompiler compiler) {
        this.driver = driver;
        this.compiler = compiler;
    }

    /** The kernel of attention of a shape. */
    long flash(FlashKernel shape) {
        return kernel(shape.files(), shape.macros(), shape.function(), shape.sharedBytes());
    }

    /**
     * A kernel.
     *
     * @param files of its source, in order
     * @param sharedBytes dynamic shared memory that it is launched with now
     */
    long kernel(List<String> files, List<String> macros, String function, int sharedBytes) {
        Unit unit = new Unit(files, macros);
        Entry entry = new Entry(unit, function);
        Loaded loaded = kernels.get(entry);
        if (loaded == null || loaded.sharedBytes < sharedBytes) {
            loaded = new Loaded(driver.kernel(module(unit), function, sharedBytes), sharedBytes);
            kernels.put(entry, loaded);
        }
        return loaded.kernel;
    }

    private long module(Unit unit) {
        Long module = modules.get(unit);
        if (module == null) {
            StringBuilder source = new StringBuilder();
            unit.files.forEach(file -> source.append(text(file)));
            int capability = driver.info().capability();
            module = driver.load(compiler.compile(source.toString(), unit.macros, capability));
            modules.put(unit, module);
        }
        return module;
    }

    private static String text(String file) {
        try (InputStream in = Kernels.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        modules.values().forEach(driver::unload);
        modules.clear();
        kernels.clear();
    }
}
