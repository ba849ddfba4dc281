package org.headlight.engine.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;

import org.headlight.engine.task.Progress;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Runs an encoder plainly, for its decoder. */
final class EncoderStates {
    private EncoderStates() {}

    static InputTensor of(Path encoder, Map<String, InputTensor> inputs) {
        try (RuntimeSession session =
                        RuntimeSession.open(encoder, RunPlace.cpu(2), encoder.toString());
                Feeds feeds = WholeFeeds.of(session, inputs, new int[0]);
                OrtSession.Result result =
                        session.run(feeds, Set.of("last_hidden_state"), Progress.NONE)) {
            OnnxTensor tensor = (OnnxTensor) result.get("last_hidden_state").orElseThrow();
            return InputTensor.floats(
                    TensorValues.floats("last_hidden_state", tensor), tensor.getInfo().getShape());
        }
    }
}
