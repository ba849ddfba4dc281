package org.headlight.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    @ParameterizedTest
    @CsvSource({
        "cpu, cpu, CPU",
        "CPU, cpu, CPU",
        "cuda, cuda:0, CUDA 0",
        "Cuda:1, cuda:1, CUDA 1",
        "' cuda:63 ', cuda:63, CUDA 63"
    })
    void aDeviceIsReadAndWritten(String text, String word, String label) {
        Device device = Device.parse(text);
        assertThat(device.word()).isEqualTo(word);
        assertThat(device.label()).isEqualTo(label);
        assertThat(Device.parse(device.word())).isEqualTo(device);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda 0", "cuda:1:2", "cpu:0"})
    void whatIsNoDeviceIsRefusedWithWhatWasExpected(String text) {
        assertThatThrownBy(() -> Device.parse(text))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "The device \""
                                + text
                                + "\" is not known; expected cpu, cuda or"
                                + " cuda:N.");
    }

    @Test
    void aNumberThatNoMachineHasIsRefused() {
        assertThatThrownBy(() -> Device.parse("cuda:64"))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "The device \"cuda:64\" has no such number; CUDA devices count from cuda:0"
                                + " to cuda:63.");
    }
}
