package org.headlight.app.cli.bench;

import com.google.gson.JsonObject;

import org.headlight.analysis.antidiagonal.BlockScorePart;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.analysis.heads.AtlasPart;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.analysis.rhythm.RhythmPart;
import org.headlight.analysis.rhythm.RhythmSettings;
import org.headlight.analysis.sinks.SinkPart;
import org.headlight.analysis.survey.Survey;
import org.headlight.analysis.survey.SurveyPart;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What every analysis of every head costs on one sweep a head, against sweeps that nobody watches;
 * both warm, taken in turns.
 */
public final class SurveyRun {
    private static final int ROUNDS = 3;

    private final ProcessClock clock = new ProcessClock();

    /** What a piece of work took. */
    private record Took(double seconds, double cpuSeconds) {}

    /** Measures a model on some tokens. */
    public JsonObject run(Path source, List<Token> tokens) {
        SweepOptions options = SweepOptions.standard();
        JsonObject json = new JsonObject();
        json.addProperty("tokens", tokens.size());
        try (Model model = OnnxModels.open(source, ModelOptions.defaults(), Progress.NONE);
                Capture capture = model.capture(tokens, Progress.NONE)) {
            warmUp(capture, options);
            List<Took> plain = new ArrayList<>();
            List<Took> survey = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                plain.add(took(() -> plain(capture, options)));
                survey.add(took(() -> survey(capture, options)));
            }
            json.addProperty("plainSeconds", seconds(plain, false));
            json.addProperty("surveySeconds", seconds(survey, false));
            json.addProperty("ratio", seconds(survey, false) / seconds(plain, false));
            json.addProperty("plainCpuSeconds", seconds(plain, true));
            json.addProperty("surveyCpuSeconds", seconds(survey, true));
            json.addProperty("cpuRatio", seconds(survey, true) / seconds(plain, true));
        }
        json.addProperty("peakBytes", ProcessMemory.peak());
        return json;
    }

    private Took took(Runnable work) {
        long cpu = clock.nanoseconds();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Took(seconds, (clock.nanoseconds() - cpu) / 1e9);
    }

    /** Until the kernels are compiled, and once more. */
    private static void warmUp(Capture capture, SweepOptions options) {
        options.kernels().startWarmUp();
        long end = System.nanoTime() + 20_000_000_000L;
        do {
            survey(capture, options);
        } while (!options.kernels().warm() && System.nanoTime() < end);
        plain(capture, options);
        survey(capture, options);
    }

    private static void plain(Capture capture, SweepOptions options) {
        for (SiteCapture site : capture.sites()) {
            site.heads().forEach(head -> Sweep.run(head, List.of(), options, Progress.NONE));
        }
    }

    private static void survey(Capture capture, SweepOptions options) {
        AtlasPart atlas = new AtlasPart(options.kernels(), HeadSurvey.SINK_EPSILON);
        SinkPart sinks = new SinkPart(atlas::column);
        RhythmPart rhythm = new RhythmPart(capture, RhythmSettings.defaults(), atlas::distance);
        try (BlockScorePart blocks = new BlockScorePart(XAttentionOptions.defaults(), options)) {
            List<SurveyPart> parts = List.of(atlas, sinks, rhythm, blocks);
            Survey.run(capture, parts, options, Progress.NONE);
        }
        atlas.atlas(Progress.NONE);
        sinks.report(capture.tokens());
        rhythm.rhythm(null);
    }

    private static double seconds(List<Took> times, boolean processor) {
        double[] sorted =
                times.stream()
                        .mapToDouble(time -> processor ? time.cpuSeconds : time.seconds)
                        .sorted()
                        .toArray();
        return sorted[sorted.length / 2];
    }
}
