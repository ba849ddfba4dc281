package org.headlight.app.cli;

import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.Sampling;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;

/** How long a response gets and how its tokens are drawn. */
final class SamplingOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "The most tokens to write (default: 64).")
    private int maxTokens = GenerationOptions.DEFAULT_TOKENS;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description =
                    "0 takes the most probable token each time, 1 draws by the model's own"
                            + " probabilities (default: 0; 1 with --top-k or --top-p).")
    private double temperature = Double.NaN;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Draws from the K most probable tokens (default: 0, all).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description =
                    "Draws from the fewest of the most probable tokens that reach the probability"
                            + " P together (default: 1, all).")
    private double topP = 1;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The same seed gives the same text (default: 0).")
    private long seed;

    @Option(names = "--ignore-end", description = "Writes on after the model's end-of-text token.")
    private boolean ignoreEnd;

    /** What was asked for. */
    GenerationOptions options() {
        boolean drawn = topK != 0 || topP != 1;
        double t = Double.isNaN(temperature) ? drawn ? 1 : 0 : temperature;
        Usage usage = Usage.of(spec);
        GenerationOptions options =
                usage.made(() ->
                        new GenerationOptions(
                                maxTokens, new Sampling(t, topK, topP, seed), ignoreEnd));
        if (drawn && t == 0) {
            throw usage.wrong(
                    "--top-k and --top-p say what is drawn from, and --temperature 0 draws nothing;"
                            + " give a temperature above 0, such as 0.8, or leave out one of"
                            + " them.");
        }
        boolean chance = drawn || !Double.isNaN(temperature);
        usage.belong(chance, List.of("--temperature", "--top-k", "--top-p"), "--seed");
        return options;
    }
}
