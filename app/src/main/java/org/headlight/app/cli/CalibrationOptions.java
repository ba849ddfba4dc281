package org.headlight.app.cli;

import org.headlight.analysis.sinks.ActRule;
import org.headlight.analysis.sinks.ActSettings;
import org.headlight.analysis.sinks.Calibration;
import org.headlight.analysis.sinks.CalibrationResult;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Calibrating sinks away. */
final class CalibrationOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--calibrate",
            paramLabel = "RULE",
            description =
                    "Runs the model with sinks turned down: act-code (above --threshold, the first"
                            + " one spared) or act-paper (above alpha / N, token 0 spared).")
    private @Nullable String rule;

    @Option(
            names = "--heads",
            paramLabel = "HEADS",
            description =
                    "Heads to calibrate, as L2H1,L2H3, or all (default: all but those of the first"
                            + " two layers and the last, as in the paper).")
    private @Nullable String heads;

    @Option(
            names = "--beta",
            paramLabel = "B",
            defaultValue = "0.4",
            description = "What is left of the attention to a sink (default: 0.4).")
    private double beta = ActSettings.BETA;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            defaultValue = "5",
            description = "The alpha of act-paper (default: 5).")
    private double alpha = ActRule.PAPER.standard();

    @Option(
            names = "--answer",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "Tokens to write, with and without calibration; each is a run (default: 8).")
    private int answer = 8;

    private @Nullable ActSettings settings;

    boolean present() {
        return rule != null;
    }

    /** Refuses what cannot be, before anything runs. */
    void check(double threshold) {
        String name = rule;
        Usage usage = Usage.of(spec);
        usage.belong(name != null, "--calibrate", "--heads", "--beta", "--alpha", "--answer");
        if (name == null) {
            return;
        }
        ActRule known =
                Arrays.stream(ActRule.values())
                        .filter(r -> r.id().equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow(() ->
                                wrong(
                                        "--calibrate is \""
                                                + name
                                                + "\"; expected act-code or act-paper."));
        usage.belong(known == ActRule.PAPER, "--calibrate act-paper", "--alpha");
        settings =
                usage.made(() ->
                        new ActSettings(known, known == ActRule.CODE ? threshold : alpha, beta));
        if (answer < 0) {
            throw wrong("--answer is " + answer + "; expected 0 or more tokens.");
        }
        if (heads != null && !everyHead()) {
            named();
        }
    }

    private boolean everyHead() {
        return "all".equalsIgnoreCase(heads);
    }

    private List<HeadAddress> named() {
        List<HeadAddress> list = new ArrayList<>();
        for (String part : Objects.requireNonNull(heads).split(",", -1)) {
            HeadName name =
                    HeadName.parse(part)
                            .orElseThrow(() ->
                                    wrong(
                                            "--heads: \""
                                                    + part.strip()
                                                    + "\" is no head; expected names such as"
                                                    + " L2H1,L2H3, or all."));
            list.add(new HeadAddress(name.layer(), name.kind(), name.head()));
        }
        return list;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
    }

    /** Calibrates; nothing where it was not asked for. */
    Optional<CalibrationResult> run(
            Model model, List<Token> tokens, SweepOptions sweep, Progress progress) {
        ActSettings how = settings;
        if (how == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Calibration(model, sweep).run(tokens, chosen(model), how, answer, progress));
    }

    private List<HeadAddress> chosen(Model model) {
        if (heads != null && !everyHead()) {
            return named();
        }
        List<HeadAddress> list = everyHead() ? Calibration.all(model) : Calibration.usual(model);
        if (list.isEmpty()) {
            throw new BadInputException(
                    model.info().name()
                            + " has too few layers to leave out the first two and the last, as the"
                            + " paper does; name the heads to calibrate with --heads L0H1, or"
                            + " --heads all.");
        }
        return list;
    }
}
