package org.headlight.engine.cuda;

import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** NVIDIA's run-time compiler, of CUDA 11.2 or newer, through the foreign-function interface. */
public final class Nvrtc implements KernelCompiler {
    private static final List<String> LINUX =
            List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so");
    private static final List<String> WINDOWS =
            List.of("nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll");
    private static final Pattern VERSION = Pattern.compile("(?:so\\.|64_)(\\d\\d)");
    private static final int LOG_LINES = 3;

    private final String file;
    private final NativeFunction create;
    private final NativeFunction compile;
    private final NativeFunction destroy;
    private final NativeFunction logSize;
    private final NativeFunction log;
    private final NativeFunction cubinSize;
    private final NativeFunction cubin;
    private final NativeFunction ptxSize;
    private final NativeFunction ptx;
    private final NativeFunction version;
    private final NativeFunction architectureCount;
    private final NativeFunction architectures;

    private Nvrtc(String file, SymbolLookup library) {
        this.file = file;
        create = NativeFunction.of(library, "nvrtcCreateProgram", 6);
        compile = NativeFunction.of(library, "nvrtcCompileProgram", 3);
        destroy = NativeFunction.of(library, "nvrtcDestroyProgram", 1);
        logSize = NativeFunction.of(library, "nvrtcGetProgramLogSize", 2);
        log = NativeFunction.of(library, "nvrtcGetProgramLog", 2);
        cubinSize = NativeFunction.of(library, "nvrtcGetCUBINSize", 2);
        cubin = NativeFunction.of(library, "nvrtcGetCUBIN", 2);
        ptxSize = NativeFunction.of(library, "nvrtcGetPTXSize", 2);
        ptx = NativeFunction.of(library, "nvrtcGetPTX", 2);
        version = NativeFunction.of(library, "nvrtcVersion", 2);
        architectureCount = NativeFunction.of(library, "nvrtcGetNumSupportedArchs", 1);
        architectures = NativeFunction.of(library, "nvrtcGetSupportedArchs", 1);
    }

    /**
     * Opens the library.
     *
     * @param folder where to look first; then as the system finds libraries
     * @throws BadInputException when there is none
     */
    public static Nvrtc open(Optional<Path> folder) {
        return open(folder, Integer.MAX_VALUE);
    }

    /**
     * Opens the library; one that is not newer than the driver where there are several, since the
     * driver does not load what a newer one makes.
     *
     * @param newest version of CUDA that the driver runs
     * @throws BadInputException when there is none
     */
    public static Nvrtc open(Optional<Path> folder, int newest) {
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");
        List<String> names = inOrder(windows ? WINDOWS : LINUX, newest);
        List<String> places = new ArrayList<>();
        for (String name : names) {
            folder.map(path -> path.resolve(name).toAbsolutePath())
                    .filter(Files::isRegularFile)
                    .ifPresent(found -> places.add(found.toString()));
        }
        if (!places.isEmpty()) {
            folder.ifPresent(Nvrtc::loadBuiltins);
        }
        places.addAll(names);
        for (String place : places) {
            Optional<SymbolLookup> library = lookup(place);
            if (library.isPresent()) {
                return new Nvrtc(place, library.get());
            }
        }
        throw new BadInputException(
                "NVIDIA's run-time compiler ("
                        + names.getFirst()
                        + " or an older one) is not found"
                        + folder.map(path -> " in " + path + " or").orElse("")
                        + " where the system looks for libraries; install CUDA's NVRTC, or run"
                        + " attention on the CPU.");
    }

    /** Those first that a driver for a version of CUDA fits. */
    static List<String> inOrder(List<String> names, int newest) {
        List<String> order = new ArrayList<>(names);
        order.removeIf(name -> version(name) > newest);
        names.stream().filter(name -> version(name) > newest).forEach(order::add);
        return order;
    }

    /** The version of CUDA in a name; 0 where it has none. */
    private static int version(String name) {
        Matcher number = VERSION.matcher(name);
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    /** Loads what the compiler asks for by name alone, where the system would not find it. */
    private static void loadBuiltins(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> String.valueOf(file.getFileName()).contains("nvrtc-builtins"))
                    .filter(file -> !file.toString().endsWith(".a"))
                    .forEach(file -> lookup(file.toAbsolutePath().toString()));
        } catch (IOException e) {
            throw new BadInputException(folder + " cannot be read; check that you may.", e);
        }
    }

    @SuppressWarnings("restricted") // every start of this program enables native access
    private static Optional<SymbolLookup> lookup(String place) {
        try {
            Path path = Path.of(place);
            return Optional.of(
                    path.isAbsolute()
                            ? SymbolLookup.libraryLookup(path, Arena.global())
                            : SymbolLookup.libraryLookup(place, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Its file and version. */
    public String description() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 2);
            check(version.call(out.address(), out.address() + Integer.BYTES), version);
            return "NVRTC "
                    + out.getAtIndex(ValueLayout.JAVA_INT, 0)
                    + "."
                    + out.getAtIndex(ValueLayout.JAVA_INT, 1)
                    + " ("
                    + file
                    + ")";
        }
    }

    private void check(int code, NativeFunction function) {
        if (code != 0) {
            throw new BadInputException(
                    function.name()
                            + " of "
                            + file
                            + " fails with error "
                            + code
                            + "; install another version of CUDA's NVRTC, or run attention on the"
                            + " CPU.");
        }
    }

    private int[] architectures(Arena arena) {
        MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
        check(architectureCount.call(count.address()), architectureCount);
        MemorySegment list =
                arena.allocate(ValueLayout.JAVA_INT, count.get(ValueLayout.JAVA_INT, 0));
        check(architectures.call(list.address()), architectures);
        return list.toArray(ValueLayout.JAVA_INT);
    }

    @Override
    public byte[] compile(String source, List<String> macros, int capability) {
        try (Arena arena = Arena.ofConfined()) {
            int[] known = architectures(arena);
            boolean exact = Arrays.stream(known).anyMatch(one -> one == capability);
            int nearest =
                    Arrays.stream(known)
                            .filter(one -> one <= capability)
                            .max()
                            .orElseThrow(() -> tooOld(known, capability));
            List<String> options = new ArrayList<>();
            options.add("--gpu-architecture=" + (exact ? "sm_" : "compute_") + nearest);
            options.add("--std=c++17");
            macros.forEach(macro -> options.add("-D" + macro));
            MemorySegment handle = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment text = arena.allocateFrom(source);
            MemorySegment name = arena.allocateFrom("headlight.cu");
            check(create.call(handle.address(), text.address(), name.address(), 0, 0, 0), create);
            long program = handle.get(ValueLayout.JAVA_LONG, 0);
            try {
                compile(arena, program, options);
                return exact
                        ? bytes(arena, program, cubinSize, cubin)
                        : bytes(arena, program, ptxSize, ptx);
            } finally {
                destroy.call(handle.address());
            }
        }
    }

    private BadInputException tooOld(int[] known, int capability) {
        return new BadInputException(
                file
                        + " compiles for compute capability "
                        + Arrays.stream(known).min().orElse(0) / 10.0
                        + " and newer, this GPU has "
                        + capability / 10.0
                        + "; install an older CUDA, or run attention on the CPU.");
    }

    private void compile(Arena arena, long program, List<String> options) {
        MemorySegment list = arena.allocate(ValueLayout.JAVA_LONG, options.size());
        for (int i = 0; i < options.size(); i++) {
            list.setAtIndex(ValueLayout.JAVA_LONG, i, arena.allocateFrom(options.get(i)).address());
        }
        int code = compile.call(program, options.size(), list.address());
        if (code != 0) {
            String words = text(bytes(arena, program, logSize, log));
            List<String> lines = words.lines().filter(line -> line.contains("error")).toList();
            throw new BadInputException(
                    "The kernels do not compile with "
                            + description()
                            + " (error "
                            + code
                            + ": "
                            + String.join("; ", lines.subList(0, Math.min(LOG_LINES, lines.size())))
                            + "); run attention on the CPU.");
        }
    }

    private static String text(byte[] log) {
        return new String(log, StandardCharsets.UTF_8);
    }

    private byte[] bytes(Arena arena, long program, NativeFunction size, NativeFunction get) {
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        check(size.call(program, count.address()), size);
        MemorySegment data = arena.allocate(count.get(ValueLayout.JAVA_LONG, 0));
        check(get.call(program, data.address()), get);
        return data.toArray(ValueLayout.JAVA_BYTE);
    }
}
