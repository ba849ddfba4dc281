package org.headlight.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Everything that a folder of natives can be short of, with the sentence that a person reads. */
class NativesFolderTest {
    private static final List<String> CUDA_12 =
            List.of("libcublasLt.so.12", "libcudart.so.12", "libc.so.6");

    @TempDir Path folder;

    private NativesCheck check(Path path) {
        return new NativesFolder(path, Platform.LINUX).check();
    }

    private void assertLacks(String sentence) {
        NativesCheck check = check(folder);
        assertThat(check.sentence()).isEqualTo(sentence);
        assertThat(check.complete()).isFalse();
        assertThat(check.needed()).isEmpty();
    }

    private void library(String name, List<String> needed) throws IOException {
        ElfFile.write(folder.resolve(name), needed);
    }

    private void all() throws IOException {
        for (String name : Platform.LINUX.natives()) {
            library(name, CUDA_12);
        }
    }

    private Path jar(String name, String... entries) throws IOException {
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
            }
        }
        return jar;
    }

    @Test
    void aWholeFolderIsCompleteAndTellsItsCuda() throws IOException {
        all();
        NativesCheck check = check(folder);
        assertThat(check.sentence()).isEqualTo("All four libraries are there, for CUDA 12.");
        assertThat(check.complete()).isTrue();
        assertThat(check.needed()).isEqualTo(CUDA_12);
        library("libonnxruntime_providers_cuda.so", List.of("libcudart.so.13"));
        assertThat(check(folder).cudaVersion()).hasValue(13);
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path missing = folder.resolve("nowhere");
        assertThat(check(missing).sentence())
                .isEqualTo(
                        missing
                                + " does not exist; name the folder that holds libonnxruntime.so"
                                + " and libonnxruntime_providers_cuda.so.");
    }

    @Test
    void anEmptyFolderLacksAllFour() {
        assertLacks(
                folder
                        + " lacks libonnxruntime.so, libonnxruntime4j_jni.so,"
                        + " libonnxruntime_providers_shared.so and"
                        + " libonnxruntime_providers_cuda.so; unpack the jar onnxruntime_gpu (CUDA"
                        + " 12), or a build for CUDA 13, into it.");
    }

    @Test
    void aBuildWithoutCudaIsTold() throws IOException {
        library("libonnxruntime.so", List.of());
        library("libonnxruntime4j_jni.so", List.of());
        assertLacks(
                folder
                        + " lacks libonnxruntime_providers_shared.so and"
                        + " libonnxruntime_providers_cuda.so; this is a build without CUDA: take"
                        + " onnxruntime_gpu (CUDA 12), or a build for CUDA 13.");
    }

    @Test
    void aNumberedLibraryIsToBeRenamed() throws IOException {
        all();
        Files.move(folder.resolve("libonnxruntime.so"), folder.resolve("libonnxruntime.so.1.28.0"));
        assertLacks(
                folder
                        + " lacks libonnxruntime.so; it has libonnxruntime.so.1.28.0, which must be"
                        + " called libonnxruntime.so: rename it, or link it by that name.");
    }

    @Test
    void theBridgeToJavaAloneCanBeTakenFromElsewhere() throws IOException {
        all();
        Files.delete(folder.resolve("libonnxruntime4j_jni.so"));
        assertLacks(
                folder
                        + " lacks libonnxruntime4j_jni.so; take that one from the jar"
                        + " onnxruntime_gpu or onnxruntime of the same version, or from lib/native"
                        + " of Headlight.");
    }

    @Test
    void aJarThatWasNotUnpackedComesWithTheCommand() throws IOException {
        String inside = "ai/onnxruntime/native/linux-x64";
        Path jar = jar("onnxruntime_gpu-1.29.0.jar", inside + "/libonnxruntime_providers_cuda.so");
        String command = "unzip -j '" + jar + "' '" + inside + "/*' -d natives";
        assertThat(check(jar).sentence())
                .isEqualTo(jar + " is not unpacked; unpack it and name the new folder: " + command);
        assertThat(check(folder).sentence())
                .endsWith(
                        "; it holds onnxruntime_gpu-1.29.0.jar, which is not unpacked; unpack it"
                                + " and name the new folder: "
                                + command);
    }

    @Test
    void aJarWithoutCudaIsNoHelp() throws IOException {
        Path jar = jar("onnxruntime-1.29.0.jar", "ai/onnxruntime/native/linux-x64/a.so");
        assertThat(check(jar).sentence())
                .isEqualTo(
                        jar
                                + " is a jar without a CUDA provider for Linux; take"
                                + " onnxruntime_gpu (CUDA 12), or a build for CUDA 13.");
    }

    @Test
    void aFolderAboveTheLibrariesNamesTheirs() throws IOException {
        Path top = folder;
        folder = Files.createDirectories(top.resolve("ai/onnxruntime/native/linux-x64"));
        all();
        assertThat(check(top).sentence())
                .endsWith("; they lie in " + folder + ": name that folder.");
    }

    @Test
    void aBuildForAnotherSystemIsTold() throws IOException {
        for (String name : Platform.WINDOWS.natives()) {
            Files.write(folder.resolve(name), new byte[] {'M', 'Z'});
        }
        assertThat(check(folder).sentence())
                .endsWith("; it holds a build for Windows (onnxruntime.dll), and this is Linux.");
        assertThat(new NativesFolder(folder, Platform.WINDOWS).check().complete()).isTrue();
        assertThat(new NativesFolder(folder, Platform.OTHER).check().sentence())
                .isEqualTo("CUDA runs on Linux and Windows only.");
    }

    @Test
    void aLibraryThatWasNotCopiedWholeOrIsForAnotherProcessorIsTold() throws IOException {
        all();
        Path cuda = folder.resolve("libonnxruntime_providers_cuda.so");
        Files.write(cuda, new byte[10]);
        String sentence =
                "libonnxruntime_providers_cuda.so in "
                        + folder
                        + " is no library for this machine, or was not copied whole; copy it again"
                        + " from a build for Linux on ";
        assertThat(check(folder).sentence()).startsWith(sentence);
        ElfFile.write(cuda, 8, CUDA_12);
        assertThat(check(folder).sentence()).startsWith(sentence);
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("libonnxruntime.so"), "x");
        assertThat(check(file).sentence())
                .isEqualTo(file + " is a file; name the folder that it lies in.");
    }

    @Test
    void whatARealLibraryNeedsIsRead() {
        Path java = Path.of(System.getProperty("java.home"), "lib", "libnio.so");
        Assumptions.assumeTrue(Files.exists(java), java + " is only on Linux");
        assertThat(ElfLibrary.read(java).orElseThrow().needed())
                .contains("libjava.so", "libnet.so", "libc.so.6");
        assertThat(ElfLibrary.read(folder)).isEmpty();
    }
}
