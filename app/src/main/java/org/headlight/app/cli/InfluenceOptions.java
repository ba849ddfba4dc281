package org.headlight.app.cli;

import org.headlight.analysis.influence.AttentionInfluence;
import org.headlight.analysis.influence.KeyValueTask;
import org.headlight.engine.cut.HeadAddress;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which heads are important, and how much of a document is read. */
final class InfluenceOptions {
    private static final KeyValueTask TASK = KeyValueTask.defaults();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--heads",
            split = ",",
            paramLabel = "L2H4",
            description = "Masks these heads instead of looking for important ones.")
    private List<String> heads = List.of();

    @Option(
            names = "--head-share",
            paramLabel = "S",
            description = "Share of all heads that are important (default: 0.05).")
    private double headShare = AttentionInfluence.HEAD_SHARE;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Samples of the key-value task, at most (default: 800).")
    private int samples = TASK.samples();

    @Option(
            names = "--settle",
            paramLabel = "N",
            description =
                    "Ends the search when the heads have not changed for N samples (default: 64; 0"
                            + " runs all samples, as the paper does).")
    private int settle = TASK.settle();

    @Option(
            names = "--key-length",
            paramLabel = "N",
            description = "Letters and digits of a key (default: 32).")
    private int keyLength = TASK.keyLength();

    @Option(
            names = "--value-tokens",
            paramLabel = "N",
            description = "The most tokens of a value (default: 30).")
    private int valueTokens = TASK.valueTokens();

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "Solved examples in a sample (default: 3).")
    private int examples = TASK.examples();

    @Option(
            names = "--task-context",
            paramLabel = "N",
            description = "The most tokens of a sample (default: 4096, or what the model takes).")
    private int taskContext = TASK.context();

    @Option(
            names = "--values",
            paramLabel = "FILE",
            description = "The sentences that are values, one a line (default: sentences of ours).")
    private @Nullable Path values;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The same seed gives the same samples (default: 0).")
    private long seed;

    @Option(
            names = "--context",
            paramLabel = "N",
            description =
                    "Tokens of a document that are read (default: 4096, or what the model takes).")
    private int context = AttentionInfluence.CONTEXT;

    @Option(
            names = "--select",
            paramLabel = "S",
            description = "Share of each domain's documents that are selected (default: 0.2).")
    private double select = AttentionInfluence.SELECTED_SHARE;

    KeyValueTask task() {
        return Usage.of(spec)
                .made(() ->
                        new KeyValueTask(
                                samples,
                                keyLength,
                                valueTokens,
                                examples,
                                taskContext,
                                settle,
                                seed));
    }

    double headShare() {
        if (!(headShare > 0 && headShare <= 1)) {
            throw wrong(
                    "--head-share is "
                            + headShare
                            + "; expected a share above 0 and at most 1, such as 0.05.");
        }
        return headShare;
    }

    double select() {
        if (!(select > 0 && select <= 1)) {
            throw wrong(
                    "--select is "
                            + select
                            + "; expected a share above 0 and at most 1, such as 0.2.");
        }
        return select;
    }

    int context() {
        if (context < 2) {
            throw wrong("--context is " + context + "; a loss needs at least 2 tokens.");
        }
        return context;
    }

    Optional<Path> values() {
        return Optional.ofNullable(values);
    }

    /** Refuses what says how to look for heads, beside heads that are named. */
    void check() {
        Usage.of(spec)
                .idle(
                        !heads.isEmpty(),
                        "beside --heads, which names the heads",
                        "--head-share",
                        "--samples",
                        "--settle",
                        "--key-length",
                        "--value-tokens",
                        "--examples",
                        "--task-context",
                        "--values",
                        "--seed");
    }

    /** The heads that are named; empty when important ones are to be found. */
    List<HeadAddress> named() {
        List<HeadAddress> named = new ArrayList<>();
        for (String head : heads) {
            HeadName name =
                    HeadName.parse(head)
                            .orElseThrow(() ->
                                    wrong(
                                            "--heads: \""
                                                    + head
                                                    + "\" is no head; expected names such as"
                                                    + " L2H4,L1H3."));
            named.add(new HeadAddress(name.layer(), name.kind(), name.head()));
        }
        return List.copyOf(named);
    }

    private ParameterException wrong(String sentence) {
        return Usage.of(spec).wrong(sentence);
    }
}
