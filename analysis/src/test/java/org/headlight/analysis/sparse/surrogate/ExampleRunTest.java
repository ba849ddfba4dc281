package org.headlight.analysis.sparse.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.position.PositionPolicies;
import org.headlight.analysis.sparse.position.RotaryFinder;
import org.headlight.analysis.sparse.position.StreamingLlm;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.onnx.SharedFiles;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Every policy of these two packages in a run of the example, from its rotary positions on. */
class ExampleRunTest {
    private static final int TOKENS = 200;
    private static final int PROMPT = 180;

    @Test
    void everyPolicyRunsOnTheExampleAndAWholeWindowChangesNothing() {
        try (Model model =
                OnnxModels.open(
                        SharedFiles.demo("model.onnx"), ModelOptions.defaults(), Progress.NONE)) {
            SparseStudy study =
                    new SparseStudy(
                            model,
                            SweepOptions.standard(),
                            () -> RotaryFinder.find(model, Progress.NONE));
            List<Token> tokens = new ArrayList<>();
            for (int i = 0; i < TOKENS; i++) {
                tokens.add(new Token(i, 5 + (i * i * 7 + i) % 900, "", false));
            }
            float[] dense = last(study.logits(tokens, PROMPT, Assignment.DENSE, Progress.NONE));
            List<Policy> policies = new ArrayList<>(PositionPolicies.all());
            policies.addAll(SurrogatePolicies.all());
            for (Policy policy : policies) {
                double apart =
                        apart(last(logits(study, tokens, policy, policy.preset(TOKENS))), dense);
                assertThat(apart)
                        .as("largest difference of the last logits under %s", policy.info().name())
                        .isBetween(1e-4, 60.0);
            }
            Policy streaming = new StreamingLlm();
            Settings whole = streaming.preset(TOKENS).with("window", TOKENS);
            assertThat(apart(last(logits(study, tokens, streaming, whole)), dense))
                    .isCloseTo(0, within(2e-3));
        }
    }

    private static Matrix logits(
            SparseStudy study, List<Token> tokens, Policy policy, Settings settings) {
        Assignment everywhere = Assignment.everywhere(new PolicyChoice(policy, settings));
        return study.logits(tokens, PROMPT, everywhere, Progress.NONE);
    }

    private static float[] last(Matrix logits) {
        float[] row = new float[logits.cols()];
        logits.copyRows(logits.rows() - 1, logits.rows(), row, 0);
        return row;
    }

    private static double apart(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs((double) a[i] - b[i]);
            most = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(most, difference);
        }
        return most;
    }
}
