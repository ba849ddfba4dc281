package org.headlight.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class MapCommandTest {

    @Test
    void theCommandQuotesWhatAShellWouldTakeApart() {
        MapCommand command =
                new MapCommand(
                        Path.of("my model"),
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
}
