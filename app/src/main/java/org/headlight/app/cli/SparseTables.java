package org.headlight.app.cli;

import org.headlight.analysis.sparse.run.EndToEnd;
import org.headlight.analysis.sparse.run.HeadFidelity;
import org.headlight.analysis.sparse.run.LayerFidelity;
import org.headlight.analysis.sparse.run.NeedleFate;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.RecallShares;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseTimes;
import org.headlight.app.sparse.SparseNotes;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A sparse run for people. */
final class SparseTables {
    private static final int SHOWN = 24;
    private static final double MILLIS = 1e-6;

    private final PrintStream out;

    SparseTables(PrintStream out) {
        this.out = out;
    }

    void print(SparseResult result, Map<PolicyChoice, String> scopes) {
        for (PolicyChoice choice : result.assignment().choices()) {
            String heads = scopes.getOrDefault(choice, "all");
            out.println(
                    choice.text()
                            + ", "
                            + choice.info().phase().word()
                            + (heads.equals("all") ? ", all heads" : ", " + heads));
        }
        out.printf(
                Locale.ROOT,
                "%,d tokens, of which %,d are the prompt%n%n",
                result.tokens().size(),
                result.prompt());
        quality(result);
        out.println();
        times(result);
        out.println();
        layers(result);
        out.println();
        heads(result);
        List<String> notes = SparseNotes.of(result);
        if (!notes.isEmpty()) {
            out.println();
            notes.forEach(out::println);
        }
    }

    /** A share of recall: 1 where all was kept. */
    private static String share(boolean all, double value) {
        return Table.number(all ? 1 : value);
    }

    private void quality(SparseResult result) {
        RecallShares recall = result.recall();
        boolean all = result.degenerate();
        Table table = new Table("what", "value", "");
        table.row("density", Table.number(result.density()), "kept over visible pairs");
        table.row("computed", Table.number(result.computed()), "pairs that kernels computed");
        table.row("recall", share(all, recall.mean()), "mean share of the dense probability");
        table.row("  without key 0", share(all, recall.withoutSink()), "");
        table.row("  5 % of the rows", share(all, recall.p5()), "stay below");
        table.row("  lowest row", share(all, recall.least()), "");
        table.row("  oracle", share(all, recall.oracle()), "best choice of as many pairs");
        table.row("output error", Table.number(result.worstLayerError()), "worst layer, relative");
        double none = Double.NaN;
        table.row(
                "KL",
                Table.number(result.endToEnd().map(EndToEnd::kl).orElse(none)),
                "nats, next token");
        table.row(
                "top-1 agreement",
                Table.number(result.endToEnd().map(EndToEnd::top1Agreement).orElse(none)),
                "next token");
        table.row(
                "loss ratio",
                Table.number(result.endToEnd().map(EndToEnd::lossRatio).orElse(none)),
                "sparse over dense, continuation");
        result.needle().ifPresent(needle -> needle(table, needle));
        table.print(out);
    }

    private static void needle(Table table, NeedleFate needle) {
        table.row("needle kept", Table.number(needle.kept()), "of its keys, in answering rows");
        table.row("needle mass", Table.number(needle.mass()), "of its dense probability");
        table.row(
                "needle lost",
                Integer.toString(needle.lostHeads()),
                "of " + needle.heads() + " sparse heads keep none of it");
    }

    private void times(SparseResult result) {
        SparseTimes times = result.times();
        Table table = new Table("ms", "select", "attend", "rest", "all", "MB read");
        table.row(
                "dense",
                "\u2013",
                Table.number(times.denseAttend()),
                Table.number(times.denseRest()),
                Table.number(times.dense()),
                Table.number(result.denseBytesRead() / 1e6));
        times.steps()
                .ifPresent(steps ->
                        table.row(
                                "dense, step by step",
                                "\u2013",
                                Table.number(steps.attend()),
                                Table.number(times.denseRest()),
                                Table.number(steps.attend() + times.denseRest()),
                                Table.number(steps.bytes() / 1e6)));
        table.row(
                "sparse",
                Table.number(times.select()),
                Table.number(times.attend()),
                Table.number(times.rest()),
                Table.number(times.total()),
                Table.number(result.bytesRead() / 1e6));
        table.print(out);
        out.printf(
                Locale.ROOT,
                "Speed-up %s over all, %s in attention with the choosing.%n",
                Table.number(times.speedup()),
                Table.number(times.attentionSpeedup()));
        times.steps()
                .ifPresent(steps ->
                        out.printf(
                                Locale.ROOT,
                                "Step by step, as decoding goes, the continuation's attention takes"
                                        + " %s ms densely and %s ms sparsely: speed-up %s.%n",
                                Table.number(steps.decode()),
                                Table.number(times.decode()),
                                Table.number(times.decodeSpeedup())));
    }

    private void layers(SparseResult result) {
        Table table = new Table("layer", "phase", "output error", "select ms", "attend ms");
        for (LayerFidelity layer : result.layers()) {
            table.row(
                    Integer.toString(layer.layer()),
                    layer.phase().word(),
                    Table.number(layer.outputError()),
                    Table.number(layer.selecting() * MILLIS),
                    Table.number(layer.attending() * MILLIS));
        }
        table.print(out);
    }

    private void heads(SparseResult result) {
        Table table =
                new Table(
                        "head",
                        "phase",
                        "density",
                        "computed",
                        "recall",
                        "no sink",
                        "lowest",
                        "oracle",
                        "output error");
        List<HeadFidelity> worst =
                result.heads().stream()
                        .sorted(Comparator.comparingDouble(HeadFidelity::outputError).reversed())
                        .limit(SHOWN)
                        .toList();
        for (HeadFidelity head : worst) {
            RecallShares recall = head.recall();
            boolean all = head.keptAll();
            table.row(
                    "L" + head.head().layer() + "H" + head.head().head(),
                    head.phase().word(),
                    Table.number(head.density()),
                    Table.number(head.computed()),
                    share(all, recall.mean()),
                    share(all, recall.withoutSink()),
                    share(all, recall.least()),
                    share(all, recall.oracle()),
                    Table.number(head.outputError()));
        }
        table.print(out);
        int more = result.heads().size() - worst.size();
        if (more > 0) {
            out.println("... and " + more + " more with smaller errors; --json has them all.");
        }
    }
}
