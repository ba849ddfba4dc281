package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code headlight bench kernels} makes of the documents of its processes. */
class KernelsTableTest {
    private static final List<String> KEYS =
            List.of(
                    "runtimeSeconds",
                    "runtimeCpuSeconds",
                    "denseSeconds",
                    "denseCpuSeconds",
                    "tenthCpuSeconds",
                    "twentiethCpuSeconds",
                    "scoring8CpuSeconds",
                    "scoring16CpuSeconds",
                    "densePerSecond",
                    "peakPerSecond");

    private final List<List<String>> asked = new ArrayList<>();

    /** Three processes, of which the second is the slowest by far. */
    private JsonObject child(List<String> arguments, Progress progress) {
        double slow = List.of(1.0, 4.0, 1.5).get(asked.size() % 3);
        asked.add(arguments);
        double[] values = {0.09, 0.16, 0.05, 0.1, 0.01, 0.005, 0.006, 0.003, 35e9, 50e9};
        JsonObject json = new JsonObject();
        for (int i = 0; i < values.length; i++) {
            boolean rate = KEYS.get(i).endsWith("PerSecond");
            json.addProperty(KEYS.get(i), rate ? values[i] : values[i] * slow);
        }
        return json;
    }

    @Test
    void everyWidthAndLengthIsMeasuredInProcessesOfItsOwn() {
        new KernelsTable(3, 8, this::child)
                .measure(List.of(64, 128), List.of(1024, 4096), Progress.NONE);
        assertThat(asked).hasSize(12);
        assertThat(asked.subList(0, 4))
                .containsExactly(
                        List.of("bench", "kernels", "--child-kernels", "1024,64,8"),
                        List.of("bench", "kernels", "--child-kernels", "1024,64,8"),
                        List.of("bench", "kernels", "--child-kernels", "1024,64,8"),
                        List.of("bench", "kernels", "--child-kernels", "4096,64,8"));
    }

    @Test
    void theTableShowsMediansAndTheWorstProcess() {
        KernelsTable table = new KernelsTable(3, 8, this::child);
        JsonArray rows = table.measure(List.of(64), List.of(16_384), Progress.NONE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(rows, new PrintStream(out, true, StandardCharsets.UTF_8));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo(
                        "Causal attention, 8 heads; ms of processor time a call, medians of 3 fresh"
                            + " processes (x: how many times as fast as GroupQueryAttention; S 8, S"
                            + " 16: scoring of XAttention in % of our dense):");
        assertThat(lines.get(1).strip().split(" {2,}"))
                .containsExactly(
                        "width",
                        "tokens",
                        "GQA ms",
                        "dense ms",
                        "x",
                        "x wall",
                        "% of peak",
                        "10 % ms",
                        "x",
                        "5 % ms",
                        "x",
                        "S 8 %",
                        "S 16 %",
                        "worst fork");
        // The median process is half as slow again as the first; the worst takes 4 / 1.5 of it.
        assertThat(
                        Stream.of(lines.get(3).strip().split(" {2,}"))
                                .map(cell -> Double.valueOf(cell.replace(",", ""))))
                .containsExactly(
                        64.0, 16_384.0, 240.0, 150.0, 1.6, 1.8, 70.0, 15.0, 16.0, 7.5, 32.0, 6.0,
                        3.0, 2.67);
    }

    @Test
    void theHelpNamesEverythingThatIsMeasuredAndTheLengthsOfEach() {
        CommandRun run = CommandRun.of("bench", "--help");
        assertThat(run.status()).isZero();
        String help = run.out().replaceAll("\\s+", " ");
        assertThat(help)
                .contains("map: from a capture to the first picture.")
                .contains("generate: a step of a response, after so many tokens.")
                .contains("cut: a model in pieces against the whole, and its peak memory.")
                .contains("kernels: attention against ONNX Runtime's.")
                .contains(
                        "Tokens (default of map, generate and cut: 512,2048,8192,32768; of kernels:"
                                + " 1024,4096,8192,16384; of sparse: 4096,16384,32768; of cuda:"
                                + " 8192,32768,131072).")
                .contains("cuda: attention on a GPU, ours against ONNX Runtime's and PyTorch's.")
                .contains("sparse: a prefill by sparse policies, dense, and by ONNX Runtime");
    }
}
