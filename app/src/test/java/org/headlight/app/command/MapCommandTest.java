package org.headlight.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.device.Device;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class MapCommandTest {

    @Test
    void theCommandQuotesWhatAShellWouldTakeApart() {
        MapCommand command =
                new MapCommand(
                        new CommandSource(Path.of("my model"), Device.CPU),
                        new RunInput(RunInput.Kind.TEXT, "it's here"),
                        "L2H1",
                        "max",
                        "log",
                        true);
        assertThat(command.words())
                .isEqualTo(
                        "headlight map 'my model' --text 'it'\\''s here' --head L2H1"
                                + " --pool max --scale log --drop-sink"
                                + " --out L2H1.png");
    }

    @Test
    void theDeviceIsNamedWhereItIsNotTheProcessor() {
        CommandSource source = new CommandSource(Path.of("model"), new Device.Cuda(1));
        RunInput input = new RunInput(RunInput.Kind.TOKENS, "1,2");
        assertThat(new MapCommand(source, input, "L0H0", "max", "log", false).words())
                .isEqualTo(
                        "headlight map model --tokens 1,2 --device cuda:1 --head L0H0 --pool max"
                                + " --scale log --out L0H0.png");
        assertThat(new AnalysisCommand("sparse", source, input, List.of("--needle", "x y")).words())
                .isEqualTo("headlight sparse model --tokens 1,2 --device cuda:1 --needle 'x y'");
    }
}
