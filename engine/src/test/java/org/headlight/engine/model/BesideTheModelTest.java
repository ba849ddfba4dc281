package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.engine.device.Device;
import org.headlight.engine.problem.BadInputException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Where a session opens that only compares, and whose weights may not fit beside the model's. */
class BesideTheModelTest {
    private static final RunPlace CUDA = new RunPlace(new Device.Cuda(0), 3);

    private static RuntimeSession demo(RunPlace place) {
        return RuntimeSession.open(Models.demo(), place, "model.onnx");
    }

    @Test
    void aDeviceWithoutRoomLeavesTheComparisonToTheProcessor() {
        List<RunPlace> places = new ArrayList<>();
        try (RuntimeSession session =
                RuntimeSession.beside(
                        CUDA,
                        place -> {
                            places.add(place);
                            if (place.equals(CUDA)) {
                                throw new BadInputException(
                                        "model.onnx cannot be run: Failed to allocate memory for"
                                                + " requested buffer of size 77.");
                            }
                            return demo(place);
                        })) {
            assertThat(session.owner()).isEqualTo("model.onnx");
            assertThat(places).containsExactly(CUDA, RunPlace.cpu(3));
        }
    }

    @Test
    void everyOtherFailureIsToldAsItIs() {
        List<RunPlace> places = new ArrayList<>();
        for (RunPlace given : List.of(CUDA, RunPlace.cpu(1))) {
            assertThatThrownBy(() ->
                            RuntimeSession.beside(
                                    given,
                                    place -> {
                                        places.add(place);
                                        throw new BadInputException("It has no operator.");
                                    }))
                    .hasMessage("It has no operator.");
        }
        assertThat(places).containsExactly(CUDA, RunPlace.cpu(1));
    }
}
