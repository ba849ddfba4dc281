package org.headlight.app.sinks;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableSet;

import org.headlight.analysis.sinks.ActRule;
import org.headlight.analysis.sinks.ActSettings;
import org.headlight.analysis.sinks.Calibration;
import org.headlight.analysis.sinks.CalibrationResult;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.token.Token;
import org.headlight.viz.control.grid.HeadRef;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Calibrating the sinks of chosen heads away, and what comes of it. */
public final class CalibrationViewModel {
    /** The lane in which the model runs. */
    public static final String LANE = "calibration";

    private static final int ANSWER = 8;
    private static final String NOTHING =
            "Choose heads and run: the model as it is, and calibrated.";

    private static final Comparator<HeadAddress> HEADS =
            Comparator.comparingInt(HeadAddress::layer).thenComparingInt(HeadAddress::head);

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final Supplier<Optional<Model>> model;
    private final ReadingState state = new ReadingState(NOTHING);
    private final ObjectProperty<ActRule> rule = new SimpleObjectProperty<>(ActRule.CODE);
    private final DoubleProperty threshold = new SimpleDoubleProperty(ActRule.CODE.standard());
    private final DoubleProperty alpha = new SimpleDoubleProperty(ActRule.PAPER.standard());
    private final DoubleProperty beta = new SimpleDoubleProperty(ActSettings.BETA);
    private final IntegerProperty answer = new SimpleIntegerProperty(ANSWER);
    private final ObservableSet<HeadRef> heads = FXCollections.observableSet();
    private final ReadOnlyObjectWrapper<@Nullable CalibrationResult> result =
            new ReadOnlyObjectWrapper<>();

    /**
     * Nothing yet.
     *
     * @param model the open model, if one is open
     */
    public CalibrationViewModel(
            TaskRunner tasks, ExploreViewModel explore, Supplier<Optional<Model>> model) {
        this.tasks = tasks;
        this.explore = explore;
        this.model = model;
        explore.captureProperty().addListener((property, old, now) -> forget());
    }

    public ReadingState state() {
        return state;
    }

    /** Which tokens are turned down. */
    public ObjectProperty<ActRule> ruleProperty() {
        return rule;
    }

    /** The threshold of the code's rule. */
    public DoubleProperty thresholdProperty() {
        return threshold;
    }

    /** The alpha of the paper's rule. */
    public DoubleProperty alphaProperty() {
        return alpha;
    }

    /** What is left of a sink. */
    public DoubleProperty betaProperty() {
        return beta;
    }

    /** Tokens to write with and without calibration. */
    public IntegerProperty answerProperty() {
        return answer;
    }

    /** The heads to calibrate, as the capture's sites number them. */
    public ObservableSet<HeadRef> heads() {
        return heads;
    }

    /** What calibration did; null before it has run. */
    public ReadOnlyObjectProperty<@Nullable CalibrationResult> resultProperty() {
        return result.getReadOnlyProperty();
    }

    private void forget() {
        Capture capture = explore.captureProperty().get();
        tasks.cancel(LANE);
        heads.removeIf(ref -> !selfHead(capture, ref));
        result.set(null);
        state.empty(NOTHING);
    }

    private static boolean selfHead(@Nullable Capture capture, HeadRef ref) {
        if (capture == null || ref.site() >= capture.sites().size()) {
            return false;
        }
        SiteCapture site = capture.sites().get(ref.site());
        return site.kind() == SiteKind.SELF && ref.head() < site.heads().size();
    }

    /** Chooses every head of self-attention. */
    public void chooseAll() {
        choose(0, Integer.MAX_VALUE);
    }

    /** Chooses all heads but those of the first two layers and the last, as the paper does. */
    public void chooseUsual() {
        Capture capture = explore.captureProperty().get();
        int last =
                capture == null
                        ? 0
                        : capture.sites().stream().mapToInt(SiteCapture::layer).max().orElse(0);
        choose(2, last);
    }

    /** Chooses the head on show alone. */
    public void chooseShown() {
        HeadRef shown = explore.shownHeadProperty().get();
        heads.clear();
        if (selfHead(explore.captureProperty().get(), shown)) {
            heads.add(shown);
        }
    }

    private void choose(int fromLayer, int endLayer) {
        Capture capture = explore.captureProperty().get();
        List<HeadRef> chosen = new ArrayList<>();
        for (int s = 0; capture != null && s < capture.sites().size(); s++) {
            SiteCapture site = capture.sites().get(s);
            boolean fits =
                    site.kind() == SiteKind.SELF
                            && site.layer() >= fromLayer
                            && site.layer() < endLayer;
            for (int head = 0; fits && head < site.heads().size(); head++) {
                chosen.add(new HeadRef(s, head));
            }
        }
        heads.retainAll(chosen);
        heads.addAll(chosen);
    }

    /** Runs the model as it is and calibrated. */
    public void run() {
        Capture capture = explore.captureProperty().get();
        Optional<Model> open = model.get();
        if (capture == null || open.isEmpty()) {
            state.problem(
                    "Calibration runs the model again, and what is open is no model but a capture"
                            + " or dump; open the model itself.");
            return;
        }
        List<HeadAddress> chosen =
                heads.stream()
                        .filter(ref -> selfHead(capture, ref))
                        .map(ref ->
                                HeadAddress.self(
                                        capture.sites().get(ref.site()).layer(), ref.head()))
                        .sorted(HEADS)
                        .toList();
        try {
            submit(open.get(), capture, chosen, settings());
        } catch (BadInputException e) {
            state.problem(String.valueOf(e.getMessage()));
        }
    }

    private ActSettings settings() {
        return new ActSettings(
                rule.get(), rule.get() == ActRule.CODE ? threshold.get() : alpha.get(), beta.get());
    }

    private void submit(
            Model open, Capture capture, List<HeadAddress> chosen, ActSettings settings) {
        List<Token> tokens = List.copyOf(capture.tokens());
        int count = answer.get();
        state.working(
                tasks.submit(
                        TaskRequest.of(
                                        LANE,
                                        "Running with sinks calibrated",
                                        progress ->
                                                new Calibration(open, SweepOptions.standard())
                                                        .run(
                                                                tokens, chosen, settings, count,
                                                                progress))
                                .onDone(done -> {
                                    if (capture.equals(explore.captureProperty().get())) {
                                        result.set(done);
                                        state.done();
                                        state.ready();
                                    }
                                })
                                .onFailed(failure -> {
                                    if (capture.equals(explore.captureProperty().get())) {
                                        state.failed(failure);
                                    }
                                })));
    }
}
