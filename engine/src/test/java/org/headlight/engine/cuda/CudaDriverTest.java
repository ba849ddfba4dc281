package org.headlight.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.attend.Attention;
import org.headlight.engine.attend.AttentionCase;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The calls of the driver, against a stand-in that takes them as cuda.h declares them. */
class CudaDriverTest {
    private static final String REMEDY = "; restart Headlight, or run on the CPU (--device cpu).";
    private static final int PTX = 222;
    private static final int FAULT = 700;

    @TempDir private Path folder;
    private SymbolLookup library;

    @BeforeEach
    @SuppressWarnings("restricted")
    void build() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux"), "The stand-in runs on Linux only.");
        Path source = folder.resolve("driver.cpp");
        Path file = folder.resolve("libstandin.so");
        try (InputStream in = CudaDriverTest.class.getResourceAsStream("/cuda/driver.cpp")) {
            Files.write(source, in.readAllBytes());
        }
        ProcessBuilder builder =
                new ProcessBuilder(
                        "g++",
                        "-std=c++17",
                        "-w",
                        "-fPIC",
                        "-shared",
                        "-o",
                        file.toString(),
                        source.toString(),
                        "-ldl");
        try {
            Process process = builder.redirectErrorStream(true).start();
            byte[] words = process.getInputStream().readAllBytes();
            assertThat(process.waitFor()).as(new String(words, StandardCharsets.UTF_8)).isZero();
        } catch (IOException e) {
            Assumptions.abort("There is no g++ here, which makes the stand-in.");
        }
        library = SymbolLookup.libraryLookup(file, Arena.global());
    }

    @SuppressWarnings({"restricted", "checkstyle:illegalcatch"}) // invokeExact declares Throwable
    private long asked(String function, long... argument) {
        FunctionDescriptor shape =
                argument.length == 0
                        ? FunctionDescriptor.of(ValueLayout.JAVA_LONG)
                        : FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        try {
            MethodHandle handle =
                    Linker.nativeLinker()
                            .downcallHandle(library.find(function).orElseThrow(), shape);
            return argument.length == 0
                    ? (long) handle.invokeExact()
                    : (long) handle.invokeExact(argument[0]);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDeviceTellsWhatItIs() {
        try (CudaDriver driver = CudaDriver.open(library, 1)) {
            assertThat(driver.info())
                    .isEqualTo(new GpuInfo(1, "Stand-in 8", 86, 132, 101_376, 1.98e9, 1L << 32));
            assertThat(driver.cudaVersion()).isEqualTo(12);
            assertThat(asked("standin_retained")).isEqualTo(1);
        }
        assertThat((int) asked("standin_retained")).isZero();
        assertThatThrownBy(() -> CudaDriver.open(library, 2))
                .hasMessage("There is no GPU 2; the driver has 2, from 0 on.");
        assertThat((int) asked("standin_retained")).isZero();
    }

    @Test
    void memoryIsCopiedClearedAndGivenBack() {
        try (CudaDriver driver = CudaDriver.open(library, 1);
                Arena arena = Arena.ofConfined()) {
            driver.enter();
            long first = driver.allocate(1000);
            long second = driver.allocate(1000);
            MemorySegment host = driver.allocateHost(1000);
            for (int i = 0; i < 1000; i++) {
                host.set(ValueLayout.JAVA_BYTE, i, (byte) i);
            }
            driver.toDevice(first, host, 1000);
            driver.clear(first + 10, 5);
            driver.copy(second, first, 1000);
            MemorySegment back = arena.allocate(1000);
            driver.toHost(back, second, 1000);
            for (int i = 0; i < 1000; i++) {
                byte expected = i >= 10 && i < 15 ? 0 : (byte) i;
                assertThat(back.get(ValueLayout.JAVA_BYTE, i)).isEqualTo(expected);
            }
            assertThat(driver.memory())
                    .isEqualTo(new GpuDriver.Memory((1L << 32) - 2000, 1L << 32));
            assertThat(driver.allocate(1L << 33)).isZero();
            assertThat(driver.millisBetween(driver.mark(), driver.mark())).isEqualTo(2.5);
            driver.await();
            driver.free(first);
            driver.free(second);
            driver.freeHost(host);
        }
        assertThat(asked("standin_held")).isZero();
        assertThat((int) asked("standin_hosts")).isZero();
    }

    @Test
    void attentionRunsThroughItsCalls() throws IOException {
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 1, 2, 1, 150, 150, 64, 64);
        EmulatedCompiler compiler = new EmulatedCompiler(folder);
        for (Precision precision : Precision.values()) {
            try (CudaAttention attention =
                    new CudaAttention(
                                    CudaDriver.open(library, 1),
                                    compiler,
                                    precision,
                                    new Attention(KernelProvider.flashLookup().kernels(), 1))
                            .trying()) {
                AttentionOutput output = AttentionOutput.allocate(2, 150, 64);
                attention.run(input, Selection.dense(), output, Progress.NONE);
                AttentionCase.check("run", input, (head, row, key) -> true, output, 4e-3);
                assertThat(attention.refusal()).isEmpty();
                assertThat(asked("standin_held")).isPositive();
            }
            assertThat(asked("standin_held")).isZero();
            assertThat((int) asked("standin_retained")).isZero();
        }
    }

    @Test
    void anotherThreadMakesTheDeviceItsOwnFirst() throws InterruptedException {
        try (CudaDriver driver = CudaDriver.open(library, 1)) {
            driver.enter();
            String[] words = new String[2];
            Thread thread =
                    new Thread(() -> {
                        try {
                            driver.await();
                        } catch (BadInputException e) {
                            words[0] = String.valueOf(e.getMessage());
                        }
                        driver.enter();
                        driver.await();
                        words[1] = "fine";
                    });
            thread.start();
            thread.join();
            assertThat(words)
                    .containsExactly(
                            "The GPU cannot go on: cuCtxSynchronize says \"invalid device context\""
                                    + " (error 201)"
                                    + REMEDY,
                            "fine");
        }
    }

    @Test
    void kernelsThatTheDriverCannotTakeAreASentence() {
        try (CudaDriver driver = CudaDriver.open(library, 1)) {
            driver.enter();
            assertThatThrownBy(() -> driver.load("// PTX".getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(
                            "NVIDIA's driver cannot load what CUDA's NVRTC compiled for Stand-in 8"
                                    + " (\"the provided PTX was compiled with an unsupported"
                                    + " toolchain.\", error "
                                    + PTX
                                    + "); install a newer driver, or an NVRTC of CUDA 12.");
        }
    }

    @Test
    void afterAKernelFailedEveryCallIsASentenceAndClosingIsQuiet() throws IOException {
        CudaAttention attention =
                new CudaAttention(
                        CudaDriver.open(library, 1),
                        new EmulatedCompiler(folder),
                        Precision.FP16,
                        new Attention(KernelProvider.flashLookup().kernels(), 1));
        AttentionInput input =
                AttentionCase.input(AttentionMask.causal(0), 1, 1, 1, 20, 20, 64, 64);
        AttentionOutput output = AttentionOutput.allocate(1, 20, 64);
        attention.run(input, Selection.dense(), output, Progress.NONE);
        asked("standin_break", FAULT);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> attention.run(input, Selection.dense(), output, Progress.NONE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageStartingWith("The GPU cannot go on: cu")
                    .hasMessageEndingWith(
                            " says \"an illegal memory access was encountered\" (error 700)"
                                    + REMEDY);
        }
        attention.close();
        assertThat((int) asked("standin_retained")).isZero();
    }

    @Test
    void namesOfTheCompilerBeginWithThoseThatTheDriverCanFollow() {
        List<String> names = List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "a");
        assertThat(Nvrtc.inOrder(names, 12))
                .containsExactly("libnvrtc.so.12", "libnvrtc.so.11.2", "a", "libnvrtc.so.13");
        assertThat(Nvrtc.inOrder(names, 13)).isEqualTo(names);
        assertThat(Nvrtc.inOrder(List.of("nvrtc64_130_0.dll", "nvrtc64_120_0.dll"), 12))
                .containsExactly("nvrtc64_120_0.dll", "nvrtc64_130_0.dll");
    }
}
