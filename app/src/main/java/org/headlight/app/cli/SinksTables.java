package org.headlight.app.cli;

import org.headlight.analysis.sinks.CalibrationResult;
import org.headlight.analysis.sinks.EvictionCase;
import org.headlight.analysis.sinks.EvictionResult;
import org.headlight.analysis.sinks.HeadReceived;
import org.headlight.analysis.sinks.LogitChange;
import org.headlight.analysis.sinks.NextToken;
import org.headlight.analysis.sinks.PromptRate;
import org.headlight.analysis.sinks.Sink;
import org.headlight.analysis.sinks.SinkReport;
import org.headlight.analysis.sinks.SinkThresholds;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.token.Token;
import org.headlight.viz.text.TokenLabel;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The results of the sinks command for people. */
final class SinksTables {
    private static final int MOST = 6;

    private final PrintStream out;
    private boolean any;

    SinksTables(PrintStream out) {
        this.out = out;
    }

    private void part() {
        if (any) {
            out.println();
        }
        any = true;
    }

    void report(SinkReport report, SinkThresholds thresholds) {
        part();
        Table table = new Table("head", "received0", "sinks", "tokens above the threshold");
        for (HeadReceived head : report.heads()) {
            List<Sink> sinks = head.sinks(thresholds);
            String some =
                    sinks.stream()
                            .limit(MOST)
                            .map(sink ->
                                    sink.position()
                                            + " "
                                            + TokenLabel.of(sink.token(), 12).text()
                                            + " "
                                            + Table.number(sink.received()))
                            .collect(Collectors.joining(", "));
            table.row(
                    head.name(),
                    Table.number(head.received().of(0)),
                    Integer.toString(sinks.size()),
                    sinks.size() > MOST ? some + " ..." : some);
        }
        table.print(out);
        double[] rate = report.rate(thresholds.epsilon());
        if (rate.length > 0) {
            out.printf(
                    Locale.ROOT,
                    "Sink rate at token 0: %.1f %% of %d heads of self-attention, %,d tokens,"
                            + " epsilon %s.%n",
                    100 * rate[0],
                    report.selfHeads().size(),
                    report.tokens().size(),
                    Table.number(thresholds.epsilon()));
        }
    }

    void prompts(PromptRate rate) {
        part();
        Table table = new Table("head", "sink rate", "received0");
        for (PromptRate.HeadRate head : rate.heads()) {
            table.row(head.name(), Table.number(head.rate()), Table.number(head.received()));
        }
        table.print(out);
        out.printf(
                Locale.ROOT,
                "Sink rate at token 0 over %,d prompts of %,d tokens: %.2f %%, epsilon %s; %,d"
                        + " prompts were shorter.%n",
                rate.used(),
                rate.length(),
                100 * rate.rate()[0],
                Table.number(rate.epsilon()),
                rate.tooShort());
    }

    void calibration(CalibrationResult result, List<Token> tokens) {
        part();
        Table heads = new Table("head", "tokens turned down");
        for (Map.Entry<HeadAddress, List<Integer>> entry : result.chosen().entrySet()) {
            String keys =
                    entry.getValue().stream()
                            .limit(MOST)
                            .map(key -> key + " " + TokenLabel.of(tokens.get(key), 12).text())
                            .collect(Collectors.joining(", "));
            heads.row(
                    "L" + entry.getKey().layer() + "H" + entry.getKey().head(),
                    entry.getValue().size() > MOST
                            ? keys + " ... (" + entry.getValue().size() + ")"
                            : keys);
        }
        heads.print(out);
        LogitChange change = result.change();
        Table table = new Table(result.settings().rule().id(), "before", "after");
        table.row("loss", loss(change.lossBefore()), loss(change.lossAfter()));
        for (NextToken next : change.next()) {
            table.row(
                    "next " + TokenLabel.of(next.token(), 16).text(),
                    Table.number(next.before()),
                    Table.number(next.after()));
        }
        table.print(out);
        out.printf(
                Locale.ROOT,
                "Logits changed by %s on average, %s at most; KL %s a token, %s for the next; the"
                        + " most probable token stayed in %.1f %% of rows.%n",
                Table.number(change.meanAbs()),
                Table.number(change.maxAbs()),
                Table.number(change.kl()),
                Table.number(change.klLast()),
                100 * change.top1Agreement());
        result.before().ifPresent(answer -> out.println("Answer before: " + line(answer.text())));
        result.after().ifPresent(answer -> out.println("Answer after:  " + line(answer.text())));
    }

    /** Differences of losses show in their third digit. */
    private static String loss(double value) {
        return Double.isNaN(value)
                ? Table.number(value)
                : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String line(String text) {
        return text.replace("\n", "\u21b5");
    }

    void eviction(EvictionResult result) {
        part();
        Table table = new Table("cache", "loss", "perplexity", "whole text");
        for (EvictionCase one : result.cases()) {
            table.row(
                    one.name(),
                    loss(one.loss()),
                    Table.number(one.perplexity()),
                    loss(one.lossAll()));
        }
        table.print(out);
        out.printf(
                Locale.ROOT,
                "Loss in nats over the %,d tokens after the first eviction.%n",
                result.foretold());
    }
}
