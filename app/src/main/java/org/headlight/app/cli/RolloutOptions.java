package org.headlight.app.cli;

import com.google.gson.JsonObject;

import org.headlight.analysis.heads.flow.Followed;
import org.headlight.analysis.heads.flow.Rollout;
import org.headlight.app.atlas.RolloutJson;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A position followed through all layers down to the text. */
final class RolloutOptions {
    /** Lines of the table, at most. */
    private static final int LINES = 40;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--rollout",
            description =
                    "What a token takes from each token through all layers: their mean maps"
                            + " multiplied (arXiv 2005.00928); any length.")
    private boolean rollout;

    @Option(
            names = "--flow",
            description = "The same with the maps as pipes: maximum flow, at most 64 tokens.")
    private boolean flow;

    @Option(
            names = "--position",
            paramLabel = "Q",
            description = "The token that --rollout or --flow follows (default: the last).")
    private @Nullable Integer position;

    @Option(
            names = "--no-residual",
            description = "Follow attention alone: without it, half goes by the residual stream.")
    private boolean noResidual;

    @Option(
            names = "--every",
            description = "With --json: every token is followed; rollout of at most 1,024 tokens.")
    private boolean every;

    boolean present() {
        return rollout || flow;
    }

    /** Refuses what cannot be, before anything runs. */
    void check(boolean json) {
        if (rollout && flow) {
            refuse("--rollout and --flow are two measures; give one of them.");
        }
        if (!present() && (position != null || noResidual || every)) {
            refuse(
                    "--position, --no-residual and --every belong to --rollout and --flow; give"
                            + " one of these too.");
        }
        if (position != null && position < 0) {
            refuse("--position is " + position + "; expected a position from 0 on.");
        }
        if (every && !json) {
            refuse("--every makes tokens x tokens numbers; give --json too.");
        }
    }

    private void refuse(String sentence) {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
    }

    /** Follows, and prints. */
    void run(Capture capture, boolean json, SweepOptions options, Output output) {
        int last = Rollout.sites(capture).getLast().keyTokens().size() - 1;
        Followed.Way way =
                new Followed.Way(
                        flow ? Followed.Measure.FLOW : Followed.Measure.ROLLOUT,
                        Integer.MAX_VALUE,
                        position == null ? last : position,
                        !noResidual);
        Followed followed = Followed.of(capture, way, options, output.progress().part(0, 0.5));
        if (json) {
            JsonObject document = RolloutJson.document(capture.info().source(), followed);
            if (every) {
                RolloutJson.addEvery(
                        document, followed.every(options, output.progress().part(0.5, 1)));
            }
            output.done().run();
            Json.print(output.told().apply(document), output.out());
        } else {
            output.done().run();
            print(followed, output.out());
        }
    }

    /**
     * Where it says what it does.
     *
     * @param progress while it works
     * @param done before anything is printed
     * @param out for the result
     * @param told adds to a document where its model ran
     */
    record Output(
            Progress progress, Runnable done, PrintStream out, UnaryOperator<JsonObject> told) {}

    private static void print(Followed followed, PrintStream out) {
        List<Token> tokens = followed.tokens();
        Followed.Way way = followed.way();
        boolean flows = way.measure() == Followed.Measure.FLOW;
        out.println(
                (flows ? "Flow" : "Rollout")
                        + " to token "
                        + way.position()
                        + " "
                        + TokenLabel.of(tokens.get(way.position()), 24).text()
                        + " through "
                        + followed.layers().size()
                        + " layers"
                        + (way.residual() ? ", half of each by the residual stream." : "."));
        Table table = new Table("position", "token", "share");
        List<Integer> strongest =
                IntStream.range(0, tokens.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble(t -> -followed.share(t)))
                        .limit(LINES)
                        .sorted()
                        .toList();
        for (int token : strongest) {
            table.row(
                    Integer.toString(token),
                    TokenLabel.of(tokens.get(token), 24).text(),
                    Table.number(followed.share(token)));
        }
        table.print(out);
        if (tokens.size() > LINES) {
            out.println(
                    "The "
                            + LINES
                            + " tokens with the largest shares of "
                            + tokens.size()
                            + "; --json has all.");
        }
    }
}
