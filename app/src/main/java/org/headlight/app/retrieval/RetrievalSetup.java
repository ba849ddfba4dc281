package org.headlight.app.retrieval;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.headlight.analysis.retrieval.MaskPhase;
import org.headlight.analysis.retrieval.RetrievalPlan;
import org.headlight.analysis.retrieval.RetrievalScores;
import org.headlight.analysis.retrieval.ScoreKind;
import org.headlight.analysis.retrieval.TrialSettings;
import org.headlight.engine.model.ModelInfo;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.stream.Collectors;

/** What the user may set; every default is that of the paper or its code. */
public final class RetrievalSetup {
    /** How many heads are masked unless the user says otherwise. */
    static final int MASKED = 3;

    private final ObjectProperty<@Nullable String> needles = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Path> haystack = new SimpleObjectProperty<>();
    private final StringProperty lengths = new SimpleStringProperty("");
    private final StringProperty depths = new SimpleStringProperty("0:100:" + RetrievalPlan.DEPTHS);
    private final IntegerProperty maxTokens =
            new SimpleIntegerProperty(TrialSettings.DEFAULT.maxTokens());
    private final IntegerProperty topK = new SimpleIntegerProperty(TrialSettings.DEFAULT.topK());
    private final DoubleProperty success =
            new SimpleDoubleProperty(TrialSettings.DEFAULT.success());
    private final DoubleProperty threshold =
            new SimpleDoubleProperty(RetrievalScores.RETRIEVAL_HEAD);
    private final ObjectProperty<ScoreKind> kind = new SimpleObjectProperty<>(ScoreKind.SET);
    private final IntegerProperty masked = new SimpleIntegerProperty(MASKED);
    private final ObjectProperty<MaskPhase> phase = new SimpleObjectProperty<>(MaskPhase.DECODE);
    private final IntegerProperty seed = new SimpleIntegerProperty(0);

    /** demo, english or a file; null for the set that suits the model. */
    public ObjectProperty<@Nullable String> needlesProperty() {
        return needles;
    }

    /** The text that hides them; null for the built-in one. */
    public ObjectProperty<@Nullable Path> haystackProperty() {
        return haystack;
    }

    /** A list of tokens, or from:to:count. */
    public StringProperty lengthsProperty() {
        return lengths;
    }

    /** A list of percentages, or from:to:count. */
    public StringProperty depthsProperty() {
        return depths;
    }

    /** The most tokens of a response. */
    public IntegerProperty maxTokensProperty() {
        return maxTokens;
    }

    /** How many of a row's largest weights are looked at. */
    public IntegerProperty topKProperty() {
        return topK;
    }

    /** Recall above which a trial counts. */
    public DoubleProperty successProperty() {
        return success;
    }

    /** Score from which on a head is called a retrieval head. */
    public DoubleProperty thresholdProperty() {
        return threshold;
    }

    /** Which reading of the score is shown, and chooses the heads to mask. */
    public ObjectProperty<ScoreKind> kindProperty() {
        return kind;
    }

    /** How many heads the causal check masks. */
    public IntegerProperty maskedProperty() {
        return masked;
    }

    /** When they are masked. */
    public ObjectProperty<MaskPhase> phaseProperty() {
        return phase;
    }

    /** Chooses the random heads. */
    public IntegerProperty seedProperty() {
        return seed;
    }

    /** Lengths that suit a model. */
    void suit(RetrievalDefaults defaults, ModelInfo model) {
        TrialSettings settings = TrialSettings.DEFAULT;
        lengths.set(
                defaults.lengths(model, settings).stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ")));
    }

    /** What is set now. */
    Snapshot snapshot() {
        return new Snapshot(
                needles.get(),
                haystack.get(),
                lengths.get(),
                depths.get(),
                maxTokens.get(),
                topK.get(),
                success.get());
    }

    /** Settings of one moment, for work in the background. */
    record Snapshot(
            @Nullable String needles,
            @Nullable Path haystack,
            String lengths,
            String depths,
            int maxTokens,
            int topK,
            double success) {

        /**
         * The plan.
         *
         * @throws org.headlight.engine.problem.BadInputException when something is set wrongly
         */
        RetrievalPlan plan(RetrievalDefaults defaults, ModelInfo model) {
            TrialSettings settings = new TrialSettings(maxTokens, topK, success);
            return new RetrievalPlan(
                    defaults.needles(needles, model),
                    defaults.haystack(haystack),
                    new NumberList("lengths", "128, 512").wholeNumbers(lengths),
                    new NumberList("depths", "0, 50, 100").numbers(depths),
                    settings);
        }
    }
}
